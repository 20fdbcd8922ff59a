import { expect, test } from "vitest";
import { axis, every, reach } from "./scale.ts";

test("an axis holds the longest time in round steps", () => {
  expect(axis(0)).toEqual({ top: 5, lines: [0, 5] });
  expect(axis(18)).toEqual({ top: 20, lines: [0, 5, 10, 15, 20] });
  expect(axis(200)).toEqual({ top: 240, lines: [0, 60, 120, 180, 240] });
  for (const most of [1, 59, 61, 481, 5000, 100_000]) {
    const { top, lines } = axis(most);
    expect(top).toBeGreaterThanOrEqual(most);
    expect(lines.length).toBeLessThan(7);
    expect(lines[lines.length - 1]).toBe(top);
  }
});

test("one long week does not press the others to the ground", () => {
  expect(reach(60, [], [])).toBe(60);
  expect(reach(60, [20, 30], [90, 110])).toBe(110);
  expect(reach(60, [20, 30], [90, 3000])).toBe(240);
  expect(reach(60, [20, 500], [90, 3000])).toBe(2000);
});

test("labels do not touch", () => {
  expect(every(12, 600, 48)).toBe(1);
  expect(every(12, 280, 48)).toBe(3);
  expect(every(52, 0, 48)).toBeGreaterThan(52);
});
