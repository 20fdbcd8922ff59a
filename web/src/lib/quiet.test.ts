import { describe, expect, it } from "vitest";
import { inQuiet } from "./quiet.ts";

const zone = "America/Los_Angeles";
const night = { on: true, from: "22:00", to: "07:00", days: ["mon", "tue", "wed", "thu", "fri"] };
// November 18, 2026 is a Wednesday; Los Angeles is eight hours behind UTC then.
const at = (day: number, hour: number, minute = 0) => new Date(Date.UTC(2026, 10, day, hour + 8, minute));

describe("quiet hours", () => {
  it.each([
    [at(18, 21, 59), false],
    [at(18, 22), true],
    [at(19, 3), true],
    [at(19, 7), false],
    [at(21, 3), true], // the night that began on Friday
    [at(21, 23), false], // Saturday evening
    [at(23, 3), false], // the night that began on Sunday
  ])("over midnight: %s", (moment, quiet) => expect(inQuiet(night, zone, moment)).toBe(quiet));

  it("within a day, in their own zone, and only while they are on", () => {
    const noon = { ...night, from: "12:00", to: "13:00" };
    expect(inQuiet(noon, zone, at(18, 12, 30))).toBe(true);
    expect(inQuiet(noon, zone, at(18, 13))).toBe(false);
    expect(inQuiet(noon, "Europe/Berlin", at(18, 12, 30))).toBe(false);
    expect(inQuiet({ ...noon, on: false }, zone, at(18, 12, 30))).toBe(false);
  });

  it("follow the clocks when these are changed", () => {
    // On November 1, 2026 half past one comes twice in Los Angeles.
    const early = { on: true, from: "01:00", to: "02:00", days: ["sun"] };
    expect(inQuiet(early, zone, new Date("2026-11-01T08:30:00Z"))).toBe(true);
    expect(inQuiet(early, zone, new Date("2026-11-01T09:30:00Z"))).toBe(true);
    expect(inQuiet(early, zone, new Date("2026-11-01T10:30:00Z"))).toBe(false);
  });
});
