import { describe, expect, it } from "vitest";
import { clock, dateTime, dayKey, dayLabel, daysAgo, listTime, longDate, shortDate } from "./time.ts";

const la = "America/Los_Angeles";
const now = new Date("2026-11-22T18:00:00Z"); // Sunday, 10 AM in Los Angeles

describe("times", () => {
  it.each([
    ["2026-11-22T18:14:00Z", "10:14 AM"],
    ["2026-11-22T08:00:00Z", "12:00 AM"],
    ["2026-11-22T20:05:00Z", "12:05 PM"],
  ])("%s reads %s, with an ordinary space", (iso, words) => expect(clock(iso, la)).toBe(words));

  it.each([
    ["2026-11-22T09:00:00Z", "1:00 AM"],
    ["2026-11-22T07:59:00Z", "Yesterday"], // 11:59 PM of the day before there
    ["2026-11-19T20:00:00Z", "Thu"],
    ["2026-11-17T20:00:00Z", "Tue"],
    ["2026-11-16T20:00:00Z", "Nov 16"],
    ["2025-11-22T20:00:00Z", "Nov 22, 2025"],
  ])("in a list %s is %s", (iso, words) => expect(listTime(iso, now, la)).toBe(words));

  it("belongs to a day of the reader's zone, not of UTC", () => {
    const at = new Date("2026-11-22T03:00:00Z");
    expect(dayKey(at, la)).toBe("2026-11-21");
    expect(dayKey(at, "UTC")).toBe("2026-11-22");
    expect(daysAgo(at, now, la)).toBe(1);
  });

  it("counts calendar days across a change of the clocks", () => {
    expect(daysAgo(new Date("2026-10-31T19:00:00Z"), new Date("2026-11-02T20:00:00Z"), la)).toBe(2);
  });

  it("names days for dividers", () => {
    expect(dayLabel("2026-11-22T18:00:00Z", now, la)).toBe("Today");
    expect(dayLabel("2026-11-21T18:00:00Z", now, la)).toBe("Yesterday");
    expect(dayLabel("2026-11-18T18:00:00Z", now, la)).toBe("Wednesday, November 18");
    expect(dayLabel("2025-11-18T18:00:00Z", now, la)).toBe("Tuesday, November 18, 2025");
  });

  it("writes dates with and without the hour", () => {
    expect(dateTime("2026-11-22T18:16:00Z", now, la)).toBe("Today, 10:16 AM");
    expect(dateTime("2026-11-16T21:20:00Z", now, la)).toBe("Nov 16, 1:20 PM");
    expect(shortDate("2026-03-04T18:00:00Z", now, la)).toBe("Mar 4");
    expect(longDate("2025-03-04T18:00:00Z", la)).toBe("March 4, 2025");
  });
});
