import { describe, expect, it } from "vitest";
import { client } from "../../test.fixtures.ts";
import { changesOf, draftOf } from "./clientDraft.ts";

const before = client();
const draft = draftOf(before);

describe("a client's form", () => {
  it("changes nothing by itself", () => expect(changesOf(before, draft)).toEqual({}));

  it("sends only what differs, trimmed", () => {
    expect(changesOf(before, { ...draft, name: " Leilani K. " })).toEqual({ name: "Leilani K." });
  });

  it("sends null for what was emptied", () => {
    expect(changesOf(before, { ...draft, email: "", group: "" })).toEqual({ email: null, group_id: null });
  });

  it("gives and takes an alias", () => {
    expect(changesOf(before, { ...draft, alias: " Sunny " })).toEqual({ alias: "Sunny" });
    const named = client({ alias: "Sunny" });
    expect(changesOf(named, { ...draftOf(named), alias: " " })).toEqual({ alias: null });
  });

  it("does not mind the order of a care team", () => {
    const two = client({ care_team_ids: ["a", "b"] });
    expect(changesOf(two, { ...draftOf(two), team: ["b", "a"] })).toEqual({});
    expect(changesOf(two, { ...draftOf(two), team: ["b"] })).toEqual({ care_team_ids: ["b"] });
  });
});
