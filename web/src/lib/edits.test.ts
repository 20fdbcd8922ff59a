import { describe, expect, it } from "vitest";
import { fresh, overtake, withEdit } from "./edits.ts";

interface Form {
  version: number;
  direct: string;
  notice: { body: string } | null;
}

const base: Form = { version: 1, direct: "on", notice: null };
const clean = fresh(base);

describe("edits", () => {
  it("drop what says the same as what is stored", () => {
    const edited = withEdit(clean, { direct: "off", notice: { body: "a" } });
    expect(edited.edits).toEqual({ direct: "off", notice: { body: "a" } });
    expect(withEdit(edited, { direct: "on", notice: null }).edits).toEqual({});
  });
  it("stay when someone else was first, and that is told", () => {
    const next = overtake(withEdit(clean, { direct: "off" }), { ...base, version: 2, notice: { body: "b" } });
    expect(next).toEqual({
      base: { version: 2, direct: "on", notice: { body: "b" } },
      edits: { direct: "off" },
      overtaken: true,
      before: base,
    });
    const later = overtake(next, { ...next.base, version: 3 });
    expect([later.before, later.overtaken]).toEqual([base, true]);
  });
  it("are not overtaken by a fresh look at the same version", () => {
    expect(overtake(withEdit(clean, { direct: "off" }), { ...base }).overtaken).toBe(false);
  });
  it("have nothing to review where there are none, and ignore older states", () => {
    expect(overtake(clean, { ...base, version: 2 }).overtaken).toBe(false);
    const newer = { ...clean, base: { ...base, version: 3 } };
    expect(overtake(newer, base)).toBe(newer);
  });
});
