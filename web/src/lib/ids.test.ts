import { expect, it } from "vitest";
import { uuidv7 } from "./ids.ts";

it("makes ids of version 7 that carry their time and sort by it", () => {
  const id = uuidv7(Date.UTC(2026, 10, 22, 15, 0, 0, 123));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 22, 15, 0, 0, 123));
  expect(uuidv7(1_000) < uuidv7(1_001)).toBe(true);
});

it("never makes the same id twice in a moment", () => {
  const ids = new Set(Array.from({ length: 1_000 }, () => uuidv7(1_000)));
  expect(ids.size).toBe(1_000);
});
