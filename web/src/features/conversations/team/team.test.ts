import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation, Me, Note, Staff } from "../../../api/types.ts";
import { candidates, mayAssign } from "./assign.ts";
import { endNote, mayNote, noting, startNote, typeNote } from "./noting.ts";
import { presenceWords } from "./TeamLine.tsx";

const person = (name: string) => ({ id: name, name, kind: "staff" as const });
const staff = (id: string, permissions: string[], active = true) =>
  ({ id, name: id, permissions, active }) as unknown as Staff;
const conversation = (kind: string, assignee: string | null = null) =>
  ({
    id: "c",
    kind,
    assignee: assignee && person(assignee),
    members: [{ user_id: "noor" }, { user_id: "maya" }],
  }) as unknown as Conversation;
const me = (kind: string, permissions: string[] = []) =>
  ({ user: { id: "sam", kind }, permissions }) as unknown as Me;

describe("who is looking", () => {
  it("is said of others, writing before looking", () => {
    expect(presenceWords(undefined, "sam")).toBe("");
    expect(presenceWords({ viewers: [person("sam")], typing: [] }, "sam")).toBe("");
    expect(presenceWords({ viewers: [person("sam"), person("noor")], typing: [] }, "sam")).toBe(
      "noor is looking at this",
    );
    const many = ["a", "b", "c", "d"].map(person);
    expect(presenceWords({ viewers: [...many, person("noor")], typing: many }, "sam")).toBe(
      "4 colleagues are writing here, noor is looking at this",
    );
  });
});

describe("assigning", () => {
  it("is for those with the inbox, and for whoever looks after it", () => {
    expect(mayAssign(conversation("direct"), me("staff", ["organization_inbox"]))).toBe(true);
    expect(mayAssign(conversation("direct"), me("staff"))).toBe(false);
    expect(mayAssign(conversation("community", "sam"), me("staff"))).toBe(true);
    expect(mayAssign(conversation("internal"), me("staff", ["organization_inbox"]))).toBe(false);
    expect(mayAssign(conversation("direct"), me("client"))).toBe(false);
  });

  it("offers those who can read it", () => {
    const all = [
      staff("noor", []),
      staff("elias", []),
      staff("sam", ["organization_inbox"]),
      staff("gone", ["organization_inbox"], false),
    ];
    expect(candidates(conversation("direct"), all).map((s) => s.id)).toEqual(["noor", "sam"]);
  });
});

describe("writing a note", () => {
  beforeEach(() => noting.set({}));

  it("goes on with what was begun, and puts it aside for one that is changed", () => {
    startNote("c");
    typeNote("c", "She sounds");
    startNote("c");
    expect(noting.get()["c"]?.text).toBe("She sounds");
    startNote("c", { id: "n", body: "Earlier words" } as Note);
    expect(noting.get()["c"]?.text).toBe("Earlier words");
    endNote("c");
    typeNote("c", "late");
    expect(noting.get()).toEqual({});
  });

  it("is for staff, where there are clients", () => {
    expect(mayNote(conversation("direct"), me("staff"))).toBe(true);
    expect(mayNote(conversation("internal"), me("staff"))).toBe(false);
    expect(mayNote(conversation("direct"), me("client"))).toBe(false);
  });
});
