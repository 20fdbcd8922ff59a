import { describe, expect, it } from "vitest";
import { asked } from "./asked.ts";

describe("what is asked while somebody writes", () => {
  it("closes a quotation that is still open", () => {
    expect(asked('"slow oa')).toBe('"slow oa"');
    expect(asked('"slow oats"')).toBe('"slow oats"');
    expect(asked('porridge "')).toBe("porridge");
  });
  it("leaves out an operator without a value", () => {
    expect(asked("oats from:")).toBe("oats");
    expect(asked("From:")).toBe("");
    expect(asked('oats in:"')).toBe("oats");
    expect(asked("oats from:maya")).toBe("oats from:maya");
  });
  it("asks nothing of a single letter", () => {
    expect(asked(" o ")).toBe("");
    expect(asked("oa")).toBe("oa");
    expect(asked("👍")).toBe("");
  });
});
