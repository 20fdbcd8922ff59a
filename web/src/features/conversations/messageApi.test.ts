import { describe, expect, it } from "vitest";
import { withReaction } from "./messageApi.ts";

describe("a sign on a message", () => {
  const held = [{ emoji: "👍", user_ids: ["a", "b"] }];

  it("is added behind those who were first, and once", () => {
    expect(withReaction(held, "👍", "c", true)).toEqual([{ emoji: "👍", user_ids: ["a", "b", "c"] }]);
    expect(withReaction(held, "👍", "a", true)[0]?.user_ids).toEqual(["b", "a"]);
    expect(withReaction(held, "❤️", "a", true)[1]).toEqual({ emoji: "❤️", user_ids: ["a"] });
  });

  it("goes with its last one, and taking off what is not there changes nothing", () => {
    expect(withReaction([{ emoji: "👍", user_ids: ["a"] }], "👍", "a", false)).toEqual([]);
    expect(withReaction(held, "❤️", "a", false)).toBe(held);
  });
});
