import { describe, expect, it } from "vitest";
import type { Blast } from "../../api/types.ts";
import {
  aboutWords,
  leftWords,
  lineWords,
  momentWords,
  percent,
  sectionOf,
  sendWord,
  soonWords,
  sumWords,
  takenBackWords,
  toSend,
} from "./words.ts";
import { blast } from "./test.fixtures.ts";

const zone = "America/Los_Angeles";
const now = new Date("2026-11-20T18:00:00Z"); // Friday, 10 AM
const winter = blast({ total: 10_214, sent: 8_412, skipped: 214, pending: 1_588, read: 3_127, replied: 96 });

describe("a row of the list", () => {
  it.each<[Partial<Blast>, string]>([
    [{}, "8,412 of 10,000 sent"],
    [{ state: "paused" }, "Paused at 8,412 of 10,000"],
    [{ state: "scheduled", total: 128 }, "All active clients · 128"],
    [{ state: "sent", sent: 9_874, read: 7_010 }, "9,874 sent · 70% read"],
    [{ state: "sent", sent: 0 }, "Nobody could get it"],
    [{ state: "cancelled", sent: 3_120 }, "Stopped after 3,120"],
    [{ state: "cancelled", sent: 0 }, "Stopped before anyone got it"],
  ])("%#: says %j as %s", (over, words) => expect(lineWords({ ...winter, ...over })).toBe(words));

  it("stands where it belongs: what can still be taken back is under way", () => {
    expect(sectionOf(winter)).toBe("Now");
    expect(sectionOf({ state: "paused", send_at: null })).toBe("Now");
    expect(sectionOf({ state: "scheduled", send_at: null })).toBe("Now");
    expect(sectionOf({ state: "scheduled", send_at: now.toISOString() })).toBe("Scheduled");
    expect(sectionOf({ state: "cancelled", send_at: null })).toBe("Sent");
  });
});

describe("times in the practice's zone", () => {
  it("are short in a tag", () => {
    expect(soonWords("2026-11-20T23:30:00Z", zone, now)).toBe("Today, 3:30 PM");
    expect(soonWords("2026-11-21T17:00:00Z", zone, now)).toBe("Tomorrow, 9 AM");
    expect(soonWords("2026-11-23T17:00:00Z", zone, now)).toBe("Mon, 9 AM");
    expect(soonWords("2026-12-01T16:00:00Z", zone, now)).toBe("Dec 1, 8 AM");
  });

  it("are whole in a sentence", () => {
    expect(momentWords("2026-11-20T17:58:00Z", zone, now)).toBe("today at 9:58 AM");
    expect(momentWords("2026-11-19T17:58:00Z", zone, now)).toBe("yesterday at 9:58 AM");
    expect(momentWords("2026-11-23T17:00:00Z", zone, now)).toBe("on Nov 23 at 9:00 AM");
  });
});

describe("the page", () => {
  it("says from whom, to whom and since when", () => {
    expect(aboutWords(winter, zone, now, zone)).toBe(
      "From Noor Haddad to All active clients. Started today at 9:58 AM.",
    );
    const behalf = { id: "s", name: "Sam Whitehorse", kind: "staff" } as const;
    expect(aboutWords({ ...winter, on_behalf_of: behalf }, zone, now, zone)).toContain(
      "From Sam Whitehorse to All active clients, by Noor Haddad.",
    );
    const stopped = { state: "cancelled", stopped_by: behalf, finished_at: now.toISOString() } as const;
    expect(aboutWords({ ...winter, ...stopped }, zone, now, zone)).toContain(
      "Stopped today at 10:00 AM by Sam Whitehorse.",
    );
  });

  it("sums up so that the numbers fit together", () => {
    expect(toSend(winter)).toBe(10_000);
    expect(sumWords(winter)).toBe(
      "10,214 chosen, 214 skipped, 10,000 to send. You can close this page; sending continues.",
    );
    expect(sumWords({ ...winter, state: "scheduled" })).toContain("Nobody has been written to yet.");
    expect(percent(3_127, 8_412)).toBe("37%");
    expect(percent(1, 0)).toBe("0%");
  });

  it("tells about how long it takes", () => {
    expect(leftWords(null)).toBe("");
    expect(leftWords(2)).toBe("A few seconds left");
    expect(leftWords(33)).toBe("About 40 seconds left");
    expect(leftWords(70)).toBe("About 1 minute left");
    expect(leftWords(125)).toBe("About 2 minutes left");
    expect(leftWords(3 * 3600)).toBe("About 3 hours left");
  });

  it("repeats the number in the button, and says what was taken back", () => {
    expect(sendWord(8_412, false)).toBe("Send to 8,412 people");
    expect(sendWord(1, true)).toBe("Schedule for 1 person");
    expect(takenBackWords({ ...winter, sent: 0 })).toContain("Nobody got it");
    expect(takenBackWords({ ...winter, sent: 12 })).toContain("12 people have got it");
  });
});
