import { describe, expect, it } from "vitest";
import { skipWords, whyLine, whySentence } from "./skips.ts";

const names = (...all: string[]) => all.map((name) => ({ name }));

describe("who will not get it", () => {
  it("is one by name, a few by the first of them, many in numbers", () => {
    expect(skipWords([], 0, 12)).toBe("");
    expect(skipWords(names("Maya Lindqvist"), 1, 128)).toBe(
      "Chat is unavailable for Maya Lindqvist. Maya won’t get this message.",
    );
    expect(skipWords(names("Hannah Goldfarb", "Maya Lindqvist"), 4, 43)).toBe(
      "Chat is unavailable for Hannah Goldfarb and 3 others. They won’t get this message.",
    );
    expect(skipWords(names("Hannah Goldfarb", "Ben"), 2, 43)).toContain("and 1 other.");
    expect(skipWords(names("Hannah Goldfarb"), 4, 128)).toBe(
      "Chat is unavailable for 4 of 128 clients. They won’t get this message.",
    );
    expect(skipWords(names("Hannah Goldfarb"), 1_214, 10_214)).toContain("1,214 of 10,214 clients");
  });
});

describe("why", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  it("says until when, and where it comes from", () => {
    const off = { why: "direct_off", source: "client", until: "2026-12-02T08:00:00Z" } as const;
    expect(whyLine(off, now)).toBe("Direct Messaging off until Dec 2");
    expect(whySentence(off, now)).toBe("Direct Messaging off until Dec 2 · Set for this client");
    expect(whySentence({ why: "no_account", source: null, until: null }, now)).toBe("Account not activated");
    expect(whyLine({ why: null, source: null, until: null }, now)).toBe("");
  });
});
