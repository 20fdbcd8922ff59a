import { describe, expect, it } from "vitest";
import type { Community, Group } from "../../../api/types.ts";
import { conversation } from "../../../test.fixtures.ts";
import { changesOf, draftOf, postsProblem, rulesWords } from "./rules.ts";

const usual: Community = {
  locked: false,
  posts_per_hour: null,
  roster_hidden: false,
  in_step_group_ids: [],
  member_count: 4,
  shown_as: null,
};
const chat = (over: Partial<Community> = {}) =>
  conversation({ kind: "community", subject: "Breakfast", community: { ...usual, ...over } });

describe("the draft of the rules", () => {
  it("asks for nothing while nothing differs", () => {
    const c = chat({ posts_per_hour: 3, in_step_group_ids: ["b", "a"] });
    expect(changesOf(c, draftOf(c))).toEqual({});
    expect(changesOf(c, { ...draftOf(c), subject: " Breakfast ", groups: ["a", "b"] })).toEqual({});
  });

  it("asks for what differs, and null ends a limit", () => {
    const c = chat({ posts_per_hour: 3, in_step_group_ids: ["a"] });
    expect(
      changesOf(c, { subject: "Lunch", locked: true, posts: "", rosterHidden: true, groups: [] }),
    ).toEqual({
      subject: "Lunch",
      locked: true,
      posts_per_hour: null,
      roster_hidden: true,
      in_step_group_ids: [],
    });
    expect(changesOf(c, { ...draftOf(c), posts: "12" })).toEqual({ posts_per_hour: 12 });
  });

  it("takes whole numbers from 1 to 1000", () => {
    expect(["", "1", "1000", " 5 "].map(postsProblem)).toEqual(["", "", "", ""]);
    for (const wrong of ["0", "-1", "1001", "2.5", "many"]) expect(postsProblem(wrong)).not.toBe("");
  });
});

describe("the rules in words", () => {
  const groups = [{ id: "a", name: "Steady Plates" }] as Group[];
  const all = { ...usual, locked: true, posts_per_hour: 1, roster_hidden: true, in_step_group_ids: ["a"] };

  it("say nothing where all is as usual", () => {
    expect(rulesWords(usual, groups, false)).toEqual([]);
  });

  it("tell staff and clients what is theirs to know", () => {
    expect(rulesWords(all, groups, false)).toEqual([
      "Only the care team posts here.",
      "Each client can post once an hour.",
      "Clients don’t see who else is here.",
      "Kept in step with Steady Plates.",
    ]);
    expect(rulesWords({ ...all, posts_per_hour: 5, in_step_group_ids: [] }, [], true)).toEqual([
      "Only the care team posts here.",
      "You can post 5 times an hour.",
      "Only the care team sees who else is here.",
    ]);
    expect(rulesWords(all, [], false).at(-1)).toBe("Kept in step with 1 group.");
  });
});
