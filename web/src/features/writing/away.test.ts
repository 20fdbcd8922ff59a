import { expect, test } from "vitest";
import {
  hoursOf,
  hoursProblem,
  newOnce,
  nextHours,
  onceProblem,
  type Weekly,
  withHoliday,
  withHours,
} from "./away.ts";

const weekly: Weekly = {
  enabled: true,
  time_zone: "Europe/Berlin",
  hours: [
    { day: "monday", from: "09:00", to: "12:00" },
    { day: "friday", from: "09:00", to: "12:00" },
  ],
  holidays: ["2026-12-25"],
  text: "Tomorrow.",
};

test("changes one day and keeps the week in order", () => {
  const changed = withHours(weekly, "wednesday", [nextHours("wednesday", [])]);
  expect(changed.hours.map((h) => `${h.day} ${h.from}-${h.to}`)).toEqual([
    "monday 09:00-12:00",
    "wednesday 09:00-17:00",
    "friday 09:00-12:00",
  ]);
  expect(hoursOf(withHours(changed, "monday", []), "monday")).toEqual([]);
  expect(nextHours("monday", hoursOf(weekly, "monday"))).toEqual({
    day: "monday",
    from: "12:00",
    to: "24:00",
  });
});

test("says what is wrong with times", () => {
  expect(hoursProblem({ day: "monday", from: "09:00", to: "09:00" })).not.toBe("");
  expect(hoursProblem({ day: "monday", from: "", to: "09:00" })).not.toBe("");
  expect(hoursProblem({ day: "monday", from: "00:00", to: "24:00" })).toBe("");
  const once = newOnce(new Date("2026-11-18T20:00:00"));
  expect(onceProblem(once)).toBe("");
  expect(onceProblem({ ...once, until: once.from })).not.toBe("");
});

test("keeps each holiday once, in order", () => {
  expect(withHoliday(withHoliday(weekly, "2026-01-01"), "2026-12-25").holidays).toEqual([
    "2026-01-01",
    "2026-12-25",
  ]);
});
