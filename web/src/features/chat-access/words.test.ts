import { describe, expect, it } from "vitest";
import { clientAccess, historyRow, noor, switchAccess } from "./test.fixtures.ts";
import { endOfDay } from "./until.ts";
import { answers, conflictLines, historyLines, sourceWords } from "./words.ts";

const now = new Date(2026, 10, 20, 12);
const until = endOfDay("2026-12-01");
const at = new Date(2026, 10, 12, 14, 41).toISOString();

describe("why they can or cannot write", () => {
  it("says what, who, when, why, how long, and what comes after", () => {
    const access = clientAccess({
      direct: switchAccess({
        effective: false,
        source: "client",
        own: "off",
        group: "on",
        reason: "Moved to weekly calls",
        until,
        changed_by: noor,
        changed_at: at,
      }),
    });
    expect(answers(access, now)[0]).toEqual({
      name: "direct",
      on: false,
      what: "Maya can’t send or receive direct messages.",
      why: "Noor Haddad turned it off for this client on Nov 12, 2:41 PM: “Moved to weekly calls”. Until Dec 1, then follows Diabetes Prevention (on).",
    });
  });
  it("names the group where that decides", () => {
    const access = clientAccess({
      community: switchAccess({
        effective: false,
        source: "group",
        group: "off",
        changed_by: noor,
        changed_at: at,
      }),
    });
    expect(answers(access, now)[1]?.why).toBe(
      "Noor Haddad turned it off for the group Diabetes Prevention on Nov 12, 2:41 PM.",
    );
  });
  it("is short about a default that nobody touched", () => {
    expect(answers(clientAccess(), now)[0]?.why).toBe("The default when added is on.");
  });
});

describe("the source below a switch", () => {
  it.each([
    [switchAccess({ source: "client", own: "off" }), "Set for this client"],
    [switchAccess({ source: "group", group: "on" }), "Concierge"],
    [switchAccess(), "Default when added"],
  ])("%#", (s, words) => expect(sourceWords(s, "Concierge")).toBe(words));
});

describe("the history", () => {
  it("makes one line of one act on both switches", () => {
    const created = { how: "created", place: "default", old: null, new: "on" } as const;
    const rows = [
      historyRow({ id: "h-2", ...created }),
      historyRow({ id: "h-3", ...created, switch: "community" }),
    ];
    expect(historyLines(rows, "Maya Lindqvist")).toMatchObject([
      { strong: "Both on", rest: " when added", by: "Default for new clients. Added by Noor Haddad." },
    ]);
  });
  it("keeps two acts apart", () => {
    const rows = [historyRow(), historyRow({ id: "h-2", switch: "community", new: "on" })];
    expect(historyLines(rows, "Maya Lindqvist").map((l) => l.strong)).toEqual([
      "Direct Messaging off",
      "Community Chat on",
    ]);
  });
  it("tells the group, the reason, and what ran out by itself", () => {
    const rows = [
      historyRow({
        place: "group",
        how: "group",
        group: { id: "g", name: "Concierge" },
        reason: "Program ends",
      }),
      historyRow({ id: "h-2", new: "unset", how: "schedule" }),
    ];
    expect(historyLines(rows, "Maya Lindqvist")).toMatchObject([
      { rest: " for Concierge", by: "Noor Haddad changed the group. Maya follows it. “Program ends”" },
      { strong: "Direct Messaging not set any more", by: "The time it was set for was over." },
    ]);
  });
});

describe("a conflict", () => {
  it("names the switches that moved and leaves out the rest", () => {
    const after = clientAccess({
      version: 2,
      direct: switchAccess({ effective: false, source: "client", own: "off", until }),
    });
    expect(conflictLines(clientAccess(), after)).toEqual([
      "Direct Messaging is off now, set for this client, until Dec 1.",
    ]);
  });
});
