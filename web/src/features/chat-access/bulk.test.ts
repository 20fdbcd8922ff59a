import { describe, expect, it } from "vitest";
import { type Bulk, bulkWords, groupDecides, sampleWords, undoWords } from "./bulk.ts";

const bulk = (over: Partial<Bulk>): Bulk => ({
  filter: { group_id: "g-1" },
  place: "own",
  about: "Postpartum Nutrition",
  ...over,
});
const numbers = { changed: 34, keeps_own: 3, unchanged: 4 };

describe("the preview", () => {
  it("repeats verb and count, and says who keeps what", () => {
    expect(bulkWords(bulk({ direct: "off" }), numbers)).toMatchObject({
      title: "Turn off Direct Messaging for Postpartum Nutrition?",
      changed: "clients will lose Direct Messaging",
      keeps: "have their own setting and keep it",
      unchanged: "are already off",
      confirm: "Turn off for 34 clients",
      done: "Direct Messaging turned off for 34 clients. 3 kept their own setting.",
    });
  });
  it("speaks of one as of one", () => {
    expect(bulkWords(bulk({ community: "on" }), { changed: 1, keeps_own: 1, unchanged: 1 })).toMatchObject({
      changed: "client will have Community Chat",
      keeps: "has an own setting and keeps it",
      unchanged: "is already on",
      confirm: "Turn on for 1 client",
    });
  });
  it("says what removing own settings does", () => {
    const words = bulkWords(bulk({ direct: "unset", community: "unset" }), numbers);
    expect(words.title).toBe("Remove own settings of Postpartum Nutrition?");
    expect(words.unchanged).toBe("have no own setting");
  });
  it("says that own and group settings still decide where defaults are applied", () => {
    const words = bulkWords(bulk({ place: "default", direct: "on", community: "off" }), numbers);
    expect(words.changed).toBe("clients will have Direct Messaging on and Community Chat off");
    expect(words.keeps).toBe("have their own setting, which still decides");
    expect(words.confirm).toBe("Apply to 34 clients");
    expect(groupDecides(1)).toBe("follows a group, which still decides");
    expect(groupDecides(2)).toBe("follow a group, which still decides");
  });
  it("counts those who match by the preview, where the list did not", () => {
    const all = bulk({ direct: "off", about: null });
    expect(bulkWords(all, numbers).title).toBe("Turn off Direct Messaging for all that match?");
    expect(bulkWords(all, { ...numbers, matched: 12041 }).title).toBe(
      "Turn off Direct Messaging for 12,041 clients?",
    );
    const unset = bulk({ direct: "unset", about: null });
    expect(bulkWords(unset, { ...numbers, matched: 1 }).title).toBe("Remove own settings of 1 client?");
  });
  it("names people, and how many more there are", () => {
    const sample = ["Ana", "Bo", "Cy"].map((name) => ({
      client_id: name,
      name,
      outcome: "changed" as const,
    }));
    expect(sampleWords({ sample }, "changed", 3)).toBe("Ana, Bo and Cy");
    expect(sampleWords({ sample }, "changed", 1003)).toBe("Ana, Bo, Cy and 1,000 more");
    expect(sampleWords({ sample }, "keeps_own", 2)).toBe("");
  });
});

describe("an undo", () => {
  it("names who was changed since", () => {
    expect(undoWords(34, [])).toBe("Taken back for 34 clients.");
    expect(undoWords(1, [{ name: "Ana" }])).toBe(
      "Taken back for 1 client. Changed since and left as is: Ana.",
    );
    const left = ["Ana", "Bo", "Cy", "Di", "Ed"].map((name) => ({ name }));
    expect(undoWords(2, left)).toMatch(/Ana, Bo, Cy and 2 others\.$/);
    expect(undoWords(2, left, 40)).toMatch(/Ana, Bo, Cy and 37 others\.$/);
  });
});
