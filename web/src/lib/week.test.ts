import { expect, test } from "vitest";
import { hoursOf, hoursProblem, nextHours, withHoliday, withHours, type Week } from "./week.ts";

const weekly: Week = {
  time_zone: "Europe/Berlin",
  hours: [
    { day: "monday", from: "09:00", to: "12:00" },
    { day: "friday", from: "09:00", to: "12:00" },
  ],
  holidays: ["2026-12-25"],
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
});

test("keeps each holiday once, in order", () => {
  expect(withHoliday(withHoliday(weekly, "2026-01-01"), "2026-12-25").holidays).toEqual([
    "2026-01-01",
    "2026-12-25",
  ]);
});
