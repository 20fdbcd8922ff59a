import { describe, expect, it } from "vitest";
import { dayOf, endOfDay, isPast, untilHint, untilWords } from "./until.ts";

const now = new Date(2026, 10, 20, 12);

describe("until", () => {
  it("holds to the end of the chosen day here, and is read back as that day", () => {
    const end = endOfDay("2026-12-01");
    expect(end).toBe(new Date(2026, 11, 1, 23, 59, 59, 999).toISOString());
    expect(dayOf(end)).toBe("2026-12-01");
    expect(untilWords(end ?? "", now)).toBe("Dec 1");
  });
  it("takes midnight for the end of the day before", () => {
    const midnight = new Date(2026, 11, 2).toISOString();
    expect(dayOf(midnight)).toBe("2026-12-01");
    expect(untilWords(midnight, now)).toBe("Dec 1");
  });
  it("names the hour where it ends within a day", () => {
    expect(untilWords(new Date(2026, 11, 1, 14).toISOString(), now)).toBe("Dec 1, 2:00 PM");
  });
  it("has no end without a day", () => {
    expect([endOfDay(""), dayOf(null), untilHint("")]).toEqual([null, "", ""]);
  });
  it("is past only when the whole day is", () => {
    expect([isPast("2026-11-19", now), isPast("2026-11-20", now), isPast("", now)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
