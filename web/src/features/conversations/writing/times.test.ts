import { expect, test } from "vitest";
import { fieldTime, fieldValue, presets, whenWords } from "./times.ts";

const at = (text: string) => new Date(text);
const offered = (text: string) => presets(at(text)).map((p) => `${p.label} ${fieldValue(p.at)}`);

test("offers what is still to come", () => {
  // Wednesday
  expect(offered("2026-11-18T10:00:00")).toEqual([
    "This evening 2026-11-18T18:00",
    "Tomorrow morning 2026-11-19T08:00",
    "Monday morning 2026-11-23T08:00",
  ]);
  expect(offered("2026-11-18T17:30:00")).toEqual([
    "Tomorrow morning 2026-11-19T08:00",
    "Monday morning 2026-11-23T08:00",
  ]);
  // On a Sunday tomorrow is Monday; on a Monday, Monday is a week away.
  expect(offered("2026-11-22T20:00:00")).toEqual(["Tomorrow morning 2026-11-23T08:00"]);
  expect(offered("2026-11-23T20:00:00")).toEqual([
    "Tomorrow morning 2026-11-24T08:00",
    "Monday morning 2026-11-30T08:00",
  ]);
});

test("says when in words", () => {
  const now = at("2026-11-18T10:00:00");
  const words = (text: string) => whenWords(at(text).toISOString(), now);
  expect(words("2026-11-18T18:00:00")).toBe("Today, 6:00 PM");
  expect(words("2026-11-19T08:00:00")).toBe("Tomorrow, 8:00 AM");
  expect(words("2026-11-23T08:30:00")).toBe("Mon, Nov 23, 8:30 AM");
  expect(words("2027-01-04T08:00:00")).toBe("Mon, Jan 4, 2027, 8:00 AM");
});

test("takes a time of the field that is still to come", () => {
  const now = at("2026-11-18T10:00:00");
  expect(fieldTime("2026-11-18T10:01", now)?.getTime()).toBe(at("2026-11-18T10:01:00").getTime());
  expect(fieldTime("2026-11-18T10:00", now)).toBeNull();
  expect(fieldTime("", now)).toBeNull();
});
