import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { keys } from "../api/keys.ts";
import type { Blast } from "../api/types.ts";
import { type BlastProgress, changeBlast } from "./blasts.ts";
import type { LiveContext } from "./context.ts";

const at = (sent: number, over: Partial<BlastProgress> = {}): BlastProgress => ({
  id: "b",
  state: "sending",
  total: 10,
  sent,
  skipped: 1,
  pending: 9 - sent,
  read: 0,
  replied: 0,
  seconds_left: 3,
  version: 2,
  ...over,
});

function setUp() {
  const cache = new QueryClient();
  const asked: unknown[] = [];
  const ctx = { cache, meId: "me", refresh: (key: unknown) => asked.push(key), heard: () => undefined };
  cache.setQueryData(keys.blast("b"), { ...at(2), title: "Winter" });
  const other = { ...at(0), id: "other" };
  cache.setQueryData(keys.blastList("", ""), {
    pages: [{ items: [{ ...at(2), title: "Winter" }, other] }],
    pageParams: [""],
  });
  const one = () => cache.getQueryData<Blast>(keys.blast("b"));
  const rows = () =>
    cache.getQueryData<{ pages: { items: Blast[] }[] }>(keys.blastList("", ""))?.pages[0]?.items;
  return { ctx: ctx as LiveContext, asked, one, rows };
}

describe("news of a blast", () => {
  it("move its numbers on the page and in the list, and ask for no more than its recipients", () => {
    const { ctx, asked, one, rows } = setUp();
    changeBlast(ctx, at(5));
    expect(one()).toMatchObject({ sent: 5, pending: 4, title: "Winter" });
    expect(rows()?.map((b) => b.sent)).toEqual([5, 0]);
    expect(asked).toEqual([keys.blastRecipients("b")]);
  });

  it("that are older than what is shown change nothing", () => {
    const { ctx, asked, one } = setUp();
    changeBlast(ctx, at(1, { version: 1, state: "paused" }));
    expect(one()).toMatchObject({ sent: 2, state: "sending" });
    expect(asked).toEqual([]);
  });

  it("of another state, or of one that is not listed yet, are asked for", () => {
    const { ctx, asked } = setUp();
    changeBlast(ctx, at(5, { state: "paused", version: 3 }));
    expect(asked).toContainEqual(keys.blast("b"));
    expect(asked).toContainEqual(keys.blastLists);
    asked.length = 0;
    changeBlast(ctx, { ...at(5), id: "new" });
    expect(asked).toContainEqual(keys.blastLists);
  });
});
