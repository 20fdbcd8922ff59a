import { expect, test } from "vitest";
import { newOnce, onceProblem } from "./away.ts";

test("says what is wrong with a range", () => {
  const once = newOnce(new Date("2026-11-18T20:00:00"));
  expect(onceProblem(once)).toBe("");
  expect(onceProblem({ ...once, until: once.from })).not.toBe("");
});
