import { describe, expect, it } from "vitest";
import { totalOf, totalWords } from "./total.ts";

describe("how many there are", () => {
  it("is what the server counted", () => {
    expect(totalOf({ count: 900, more: false }, 100, true)).toEqual({ count: 900, more: false });
    expect(totalWords({ count: 1900, more: false })).toBe("1,900");
  });
  it("is never a lower bound without saying so", () => {
    const some = { count: 150, more: true };
    expect(totalOf(some, 100, true)).toEqual(some);
    expect(totalOf(some, 200, true)).toEqual({ count: 200, more: true });
    expect(totalWords({ count: 3000, more: true })).toBe("3,000 or more");
  });
  it("is what was loaded once everything is", () => {
    expect(totalOf({ count: 150, more: true }, 230, false)).toEqual({ count: 230, more: false });
  });
});
