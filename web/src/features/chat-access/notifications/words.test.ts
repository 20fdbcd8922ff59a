import { describe, expect, it } from "vitest";
import { type Cell, flat, named, nested } from "./cells.ts";
import { clientForm } from "./forms.ts";
import { clientNotifications, matrix } from "./test.fixtures.ts";
import { bulkWords, cellWords, changedLines, decided, setWords, valueWords } from "./words.ts";

describe("cells", () => {
  it("are taken apart and put together, only those that are there", () => {
    const own = { ...matrix("unset"), direct: { email: "off", push: "unset", in_app: "on" } };
    const cells = flat(own);
    expect(cells["direct.email"]).toBe("off");
    expect(nested(cells)).toEqual(own);
    expect(nested({ "community.push": "on" })).toEqual({ community: { push: "on" } });
    expect(named({ community: { in_app: "on" }, direct: { push: "off" } })).toEqual([
      ["direct.push", "off"],
      ["community.in_app", "on"],
    ]);
  });
});

describe("where a value comes from", () => {
  const settings = matrix<"on" | "off" | "unset">("unset");
  settings.direct.email = "off";
  settings.direct.push = "off";
  const own = matrix<"on" | "off" | "unset">("unset");
  own.direct.push = "on";
  const form = clientForm(clientNotifications({ own, group: { id: "g", name: "Concierge", settings } }));
  const words = (cell: Cell) => valueWords(form, cell, "Maya");

  it("is the first place that is set: client, group, default", () => {
    expect(words("direct.push")).toBe("On, set for Maya");
    expect(words("direct.email")).toBe("Off, from group Concierge");
    expect(words("direct.in_app")).toBe("On, default when added");
    expect(decided({ ...form, "direct.push": "unset" }, "direct.push")).toEqual({
      on: false,
      place: "group",
    });
  });
  it("is the default for a client without a group", () => {
    const alone = clientForm(clientNotifications({ group: null, default: matrix("off") }));
    expect(valueWords(alone, "community.email", "Maya")).toBe("Off, default when added");
  });
});

describe("words", () => {
  it("name a cell in full", () => {
    expect(cellWords("direct.email")).toBe("Direct messages by email");
    expect(cellWords("community.in_app")).toBe("Community chats in the app");
  });
  it("say what somebody else changed, of much how much", () => {
    const before = flat(matrix<"on" | "off" | "unset">("unset"));
    expect(changedLines(before, { ...before, "community.push": "off" })).toEqual([
      "Community chats by push: off now.",
    ]);
    expect(changedLines(before, flat(matrix("on")))).toHaveLength(4);
    expect(changedLines(before, flat(matrix("on")))[3]).toBe("And 3 more.");
    expect(changedLines(null, before)).toEqual([]);
  });
  it("say what a change sets", () => {
    expect(setWords([["direct.email", "off"]])).toBe("direct messages by email off");
    expect(setWords(named(matrix("unset")))).toBe(
      "direct messages by email not set, direct messages by push not set and 4 more",
    );
  });
  it("say of each outcome what it means at its place", () => {
    const p = { changed: 34, keeps_own: 3, unchanged: 4 };
    expect(bulkWords("own", p)).toMatchObject({
      changed: "clients will get these notification settings",
      keeps: "have their own setting and keep it",
      confirm: "Change for 34 clients",
    });
    expect(bulkWords("default", { ...p, keeps_own: 1 })).toMatchObject({
      keeps: "has an own setting, which still decides",
      confirm: "Apply to 34 clients",
    });
  });
});
