import { expect, test } from "vitest";
import { duration, waited } from "./waits.ts";

test("says how long somebody waits", () => {
  const since = "2026-03-02T09:00:00.000Z";
  const after = (minutes: number) => {
    const { short, full } = waited(since, Date.parse(since) + minutes * 60_000);
    return `${short}, ${full}`;
  };
  expect(after(-5)).toBe("0 min, 0 minutes");
  expect(after(1)).toBe("1 min, 1 minute");
  expect(after(59)).toBe("59 min, 59 minutes");
  expect(after(60)).toBe("1 h, 1 hour");
  expect(after(47 * 60 + 59)).toBe("47 h, 47 hours");
  expect(after(48 * 60)).toBe("2 d, 2 days");
});

test("says minutes of opening time", () => {
  expect([0, 45, 60, 125, 600].map(duration)).toEqual(["0 min", "45 min", "1 h", "2 h 5 min", "10 h"]);
});
