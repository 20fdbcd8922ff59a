import { describe, expect, it } from "vitest";
import { colourFrom, contrast, inkOn, onWhite, pine } from "./colour.ts";

function* colours() {
  for (let n = 0; n <= 0xffffff; n += 65_793 / 3) yield `#${Math.floor(n).toString(16).padStart(6, "0")}`;
  yield "#ffffff";
}

describe("colour", () => {
  it("is read as people type it", () => {
    for (const [typed, is] of [
      ["", ""],
      ["  ", ""],
      ["#A3245B", "#a3245b"],
      [" a3245b ", "#a3245b"],
      ["#fff", null],
      ["red", null],
      ["##a3245b", null],
      ["#a3245g", null],
    ] as const)
      expect(colourFrom(typed), typed).toBe(is);
  });

  it("has the contrasts of WCAG", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
    expect(contrast("#ffffff", "#ff0000")).toBeCloseTo(4.0, 2);
  });

  it("always has an ink that can be read, and words that can be read on white", () => {
    for (const colour of colours()) {
      expect(contrast(colour, inkOn(colour)), colour).toBeGreaterThanOrEqual(4.5);
      const words = onWhite(colour);
      expect(contrast(words, "#ffffff"), colour).toBeGreaterThanOrEqual(4.5);
      if (contrast(colour, "#ffffff") >= 4.5) expect(words).toBe(colour);
    }
    expect(onWhite(pine)).toBe(pine);
    expect(inkOn("#ffd166")).toBe("#000000");
  });
});
