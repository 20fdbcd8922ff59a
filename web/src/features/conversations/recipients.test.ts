import { describe, expect, it } from "vitest";
import type { Group } from "../../api/types.ts";
import { merged } from "./community/useLeftOut.ts";
import { firstFit } from "./Picker.tsx";
import { groupRecipient, leftOutWords, plan, type Recipient } from "./recipients.ts";

const person = (name: string, over: Partial<Recipient> = {}): Recipient => ({
  id: name,
  name,
  kind: "client",
  about: "",
  direct: true,
  community: true,
  ...over,
});
const colleague = person("Elias", { kind: "staff" });

describe("the people decide the kind", () => {
  it.each([
    [[], "internal"],
    [[colleague], "internal"],
    [[person("Maya")], "direct"],
    [[person("Maya"), colleague], "direct"],
    [[person("Maya"), person("Tobias")], "community"],
  ] as const)("%#: %s", (people, kind) => expect(plan(people, true, "x").kind).toBe(kind));
});

describe("what stands in the way", () => {
  it("is nobody, a client whose chat is off, a missing permission, a missing name", () => {
    expect(plan([], true, "").obstacle).toBe("Choose someone.");
    expect(plan([person("Maya", { direct: false })], true, "").obstacle).toBe(
      "Chat is unavailable for Maya.",
    );
    const two = [person("Maya"), person("Tobias")];
    expect(plan(two, false, "Plates").obstacle).toContain("permission");
    expect(plan(two, true, " ").obstacle).toContain("name");
    expect(plan(two, true, "Plates").obstacle).toBe("");
  });

  it("is nothing when some can take part; those who can not are named and left out", () => {
    const off = person("Maya", { community: false });
    const p = plan([off, person("Tobias"), person("Rosa")], true, "Plates");
    expect(p.obstacle).toBe("");
    expect(p.leftOut).toEqual([off]);
    expect(p.reaches.map((r) => r.name)).toEqual(["Tobias", "Rosa"]);
  });

  it("is nobody reachable", () => {
    const off = ["Maya", "Rosa"].map((n) => person(n, { community: false }));
    expect(plan([...off, colleague], true, "Plates").obstacle).toContain("Nobody");
  });
});

describe("Enter in the field", () => {
  const people = [person("Adaeze Obi"), person("Tobias Adeyemi"), person("Tobias Quist", { direct: false })];

  it("takes the first whose name has every word", () => {
    expect(firstFit(people, "tob", [])?.name).toBe("Tobias Adeyemi");
    expect(firstFit(people, "ade tobias", [])?.name).toBe("Tobias Adeyemi");
  });

  it("takes nobody from a list that has not caught up, nobody twice, and nobody whose chat is off", () => {
    expect(firstFit(people, "leilani", [])).toBeUndefined();
    expect(firstFit([person("Maya")], "maya", [person("Maya")])).toBeUndefined();
    expect(firstFit(people, "quist", [])).toBeUndefined();
  });
});

it("names one, a few, or counts many", () => {
  const off = (n: number) => Array.from({ length: n }, (_, i) => person(`P${i}`));
  expect(leftOutWords(off(1), 9)).toBe("Community Chat is unavailable for P0. They won’t be added.");
  expect(leftOutWords(off(2), 9)).toContain("P0 and 1 other.");
  expect(leftOutWords(off(4), 9)).toContain("P0 and 3 others.");
  expect(leftOutWords(off(7), 9)).toContain("7 of 9 clients");
});

describe("groups", () => {
  const morning = groupRecipient({ id: "g", name: "Morning", client_count: 41 } as Group);

  it("make a community chat, also with one client or none", () => {
    for (const chosen of [[morning], [morning, person("a")], [colleague, morning]]) {
      const what = plan(chosen, true, "Breakfast");
      expect([what.kind, what.obstacle]).toEqual(["community", ""]);
      expect(what.groups).toEqual([morning]);
      expect(what.reaches.some((r) => r.kind === "group")).toBe(false);
    }
  });

  it("count who is left out once, and those who are not named", () => {
    const [ana, ben] = [person("a"), person("b")];
    expect(merged([ana], [ana, ben], 3)).toEqual({ names: [ana, ben], total: 5 });
    expect(leftOutWords([ana, ben], 41, 5)).toBe(
      "Community Chat is unavailable for a and 4 others. They won’t be added.",
    );
    expect(leftOutWords([ana, ben], 41, 12)).toBe(
      "Community Chat is unavailable for 12 of 41 clients. They won’t be added.",
    );
  });
});
