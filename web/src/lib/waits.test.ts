import { describe, expect, test } from "vitest";
import { duration, type OpenTimes, waited } from "./waits.ts";

// Workdays from 9 to 17 in March 2026, which begins on a Sunday.
const office: OpenTimes = {
  from: "2026-03-02T00:00:00.000Z",
  by_clock: false,
  spans: [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16].map((day) => ({
    from: `2026-03-${String(day).padStart(2, "0")}T09:00:00.000Z`,
    to: `2026-03-${String(day).padStart(2, "0")}T17:00:00.000Z`,
  })),
};
const byClock: OpenTimes = { ...office, by_clock: true, spans: [] };

function at(since: string, now: string, { times = office, overdue = false } = {}) {
  const found = waited(
    `2026-03-${since}:00.000Z`,
    overdue,
    times,
    Date.parse(`2026-03-${now}:00.000Z`),
    "UTC",
  );
  return found && `${found.state}: ${found.text}`;
}

describe("the badge of who waits", () => {
  test("says nothing of the first minutes", () => {
    expect(at("03T09:00", "03T09:00")).toBeNull();
    expect(at("03T09:00", "03T09:04")).toBeNull();
    expect(at("03T09:00", "03T09:05")).toBe("waiting: Waiting 5 min");
    expect(at("03T09:10", "03T09:05"), "the clocks differ").toBeNull();
    expect(at("03T12:00", "03T12:04", { times: byClock })).toBeNull();
    expect(at("03T09:00", "03T09:04", { overdue: true })).toBe("overdue: Overdue 4 min");
  });

  test("counts while the practice is open", () => {
    expect(at("03T09:00", "03T09:59")).toBe("waiting: Waiting 59 min");
    expect(at("03T09:00", "03T10:00")).toBe("waiting: Waiting 1 h");
    expect(at("03T16:00", "04T10:30")).toBe("waiting: Waiting 2 h");
    expect(at("06T16:00", "09T09:30"), "over a weekend").toBe("waiting: Waiting 1 h");
    expect(at("02T09:00", "09T11:00", { overdue: true })).toBe("overdue: Overdue 42 h");
  });

  test("says when the practice opens, where the message came while it was closed", () => {
    expect(at("03T07:00", "03T08:00")).toBe("closed: Answer from 9:00 AM");
    expect(at("06T18:00", "07T12:00")).toBe("closed: Answer from Mon 9:00 AM");
    expect(at("06T18:00", "09T09:01"), "it has just opened").toBeNull();
    expect(at("06T15:00", "07T12:00"), "it waited before").toBe("waiting: Waiting 2 h");
    expect(at("18T15:00", "18T16:00"), "nobody knows").toBeNull();
  });

  test("counts days of the calendar when it is long", () => {
    expect(at("02T09:00", "10T08:59"), "48 hours of opening time").toBe("waiting: Waiting 8 d");
    expect(at("01T09:00", "02T10:00"), "from before what is known").toBe("waiting: Waiting 1 d");
  });

  test("counts by the clock while nobody has said when the practice is open", () => {
    expect(at("03T20:00", "04T06:00", { times: byClock })).toBe("waiting: Waiting 10 h");
    expect(at("03T20:00", "05T19:59", { times: byClock })).toBe("waiting: Waiting 47 h");
    expect(at("03T20:00", "05T20:00", { times: byClock })).toBe("waiting: Waiting 2 d");
  });

  test("tells what it counts, for ears and for who points at it", () => {
    const words = (since: string, now: string, times: OpenTimes, overdue = false) => {
      const found = waited(since, overdue, times, Date.parse(now), "UTC");
      return [found?.spoken, found?.detail];
    };
    const friday = "2026-03-06T16:00:00.000Z";
    expect(words(friday, "2026-03-09T10:00:00.000Z", office, true)).toEqual([
      "has waited 2 hours of opening time for an answer, longer than the practice wants",
      "Since Fri 4:00 PM. Counted while the practice is open.",
    ]);
    expect(words(friday, "2026-03-07T10:00:00.000Z", office)).toEqual([
      "has waited 1 hour of opening time for an answer",
      "Since Fri 4:00 PM. Counted while the practice is open. Closed now, until Mon 9:00 AM.",
    ]);
    expect(words("2026-03-07T08:00:00.000Z", "2026-03-07T10:00:00.000Z", office)).toEqual([
      "waits for an answer from Mon 9:00 AM on",
      "Since 8:00 AM. The practice opens Mon 9:00 AM.",
    ]);
    expect(words(friday, "2026-03-07T10:00:00.000Z", byClock)).toEqual([
      "has waited 18 hours for an answer",
      "Since Fri 4:00 PM. Counted by the clock.",
    ]);
    expect(words(friday, "2026-03-20T10:00:00.000Z", byClock)).toEqual([
      "has waited 14 days for an answer",
      "Since Mar 6, 4:00 PM. Counted in days of the calendar.",
    ]);
  });
});

test("says minutes of opening time", () => {
  expect([0, 45, 60, 125, 600].map(duration)).toEqual(["0 min", "45 min", "1 h", "2 h 5 min", "10 h"]);
});
