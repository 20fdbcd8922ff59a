import { describe, expect, it } from "vitest";
import { groupRecipient, type Recipient } from "../../api/recipients.ts";
import type { Group } from "../../api/types.ts";
import { merged } from "./community/useLeftOut.ts";
import { firstFit } from "../../ui/Picker.tsx";
import type { Choice } from "../../api/choice.ts";
import { leftOutWords, plan as planned } from "./recipients.ts";
import { chosenWords, footing, startWord } from "./startWords.ts";

const person = (name: string, over: Partial<Recipient> = {}): Recipient => ({
  id: name,
  name,
  kind: "client",
  about: "",
  direct: true,
  community: true,
  ...over,
});
const of = (...picked: Recipient[]): Choice => ({ picked, without: [] });
/** As whoever may only start community chats. */
const plan = (picked: readonly Recipient[], mayCommunity: boolean, subject: string) =>
  planned({ picked, without: [] }, { mayCommunity, mayBlast: false, wanted: "blast" }, subject);
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

describe("a blast", () => {
  const both = { mayCommunity: true, mayBlast: true, wanted: "blast" } as const;
  const all = person("all", { kind: "all", name: "All my active clients" });
  const reach = { chosen: 43, reachable: 39, unavailable_count: 4 };

  it("is what several clients get, unless one wants them together or may not", () => {
    const two = of(person("Maya"), person("Tobias"));
    expect(planned(two, both, "").kind).toBe("blast");
    expect(planned(two, { ...both, wanted: "community" }, "Plates").kind).toBe("community");
    expect(planned(two, { ...both, mayCommunity: false, wanted: "community" }, "").kind).toBe("blast");
    expect(planned(of(person("Maya")), both, "").kind).toBe("direct");
    expect(planned(of(all), both, "")).toMatchObject({ kind: "blast", obstacle: "" });
  });

  it("says how many it reaches, and that nobody is no one to write to", () => {
    const what = planned(of(all), both, "");
    expect(startWord(what, false, reach)).toBe("Write to 39 people");
    expect(startWord(what, false, { ...reach, reachable: 1 })).toBe("Write to 1 person");
    expect(startWord(what, false, { ...reach, reachable: 0 })).toBe("Nobody to write to");
    expect(footing(what, 1, 0, reach)).toBe("43 chosen, 4 skipped");
    expect(chosenWords({ chosen: 8412, reachable: 8412, unavailable_count: 0 })).toBe("8,412 chosen");
  });

  it("alone takes everyone at once, or a group without some of its people", () => {
    const together = { ...both, wanted: "community" } as const;
    expect(planned(of(all), together, "Plates").obstacle).toContain("All my active clients");
    const group = person("g", { kind: "group" });
    const without = { picked: [group], without: [person("Maya"), person("Ben")] };
    expect(planned(without, together, "Plates").obstacle).toContain("Put Maya and Ben back");
  });
});
