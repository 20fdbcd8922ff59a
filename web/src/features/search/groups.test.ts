import { expect, it } from "vitest";
import type { Found } from "../../api/types.ts";
import { grouped } from "./groups.ts";

const hit = (conversation: string, seq: number) =>
  ({ conversation: { id: conversation }, message: { seq } }) as unknown as Found;

it("groups results by conversation, the one with the newest hit first", () => {
  const groups = grouped([hit("b", 9), hit("a", 4), hit("b", 2)]);
  expect(groups.map((g) => [g.conversation.id, g.hits.map((h) => h.message.seq)])).toEqual([
    ["b", [9, 2]],
    ["a", [4]],
  ]);
});
