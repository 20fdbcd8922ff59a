import { describe, expect, it } from "vitest";
import { zoneClock, zoneMoment, zoneName } from "./zone.ts";

const la = "America/Los_Angeles";
const iso = (local: string, zone = la) => zoneMoment(local, zone)?.toISOString();

describe("a time in the practice's zone", () => {
  it("goes there and back", () => {
    expect(iso("2026-11-23T09:00")).toBe("2026-11-23T17:00:00.000Z");
    expect(iso("2026-07-01T09:00")).toBe("2026-07-01T16:00:00.000Z");
    expect(iso("2026-11-23T00:30", "Asia/Kolkata")).toBe("2026-11-22T19:00:00.000Z");
    for (const at of ["2026-01-31T23:59", "2026-06-15T00:00", "2026-12-31T12:34"])
      for (const zone of [la, "Europe/Berlin", "Pacific/Auckland", "UTC"])
        expect(zoneClock(zoneMoment(at, zone) ?? new Date(0), zone)).toBe(at);
  });

  it("is the first of two when clocks are put back, and later when it is left out", () => {
    expect(iso("2026-11-01T01:30")).toBe("2026-11-01T08:30:00.000Z");
    expect(iso("2026-03-08T02:30")).toBe("2026-03-08T10:30:00.000Z");
    expect(iso("2026-03-08T03:00")).toBe("2026-03-08T10:00:00.000Z");
  });

  it("is none while nothing sensible is written", () => {
    expect(zoneMoment("", la)).toBeNull();
    expect(zoneMoment("tomorrow", la)).toBeNull();
    expect(zoneMoment("2026-13-40T09:00", la)).toBeNull();
    expect(zoneName(la)).toBe("America/Los Angeles");
  });
});
