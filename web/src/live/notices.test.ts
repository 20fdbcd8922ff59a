import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../api/keys.ts";
import { type BellNotice, noticeItems, type Notices } from "../api/notices.ts";
import { message } from "../test.fixtures.ts";
import type { LiveContext } from "./context.ts";
import { onNotices } from "./notices.ts";
import { reduce } from "./reducers.ts";

const notice = (id: string): BellNotice => ({
  id,
  kind: "direct",
  conversation_id: "c-1",
  title: "Leilani Kahale",
  seq: 4,
  count: 1,
  at: "2026-11-18T17:00:00.000Z",
  read: false,
});

let ctx: LiveContext & { refreshed: unknown[] };
const heard = vi.fn();

beforeEach(() => {
  heard.mockClear();
  onNotices(heard);
  const refreshed: unknown[] = [];
  ctx = {
    cache: new QueryClient(),
    meId: "u-1",
    refresh: (key) => void refreshed.push(key),
    heard: () => undefined,
    refreshed,
  };
});

const held = () => ctx.cache.getQueryData<Notices>(keys.notices);
const counted = () => ctx.cache.getQueryData(keys.noticeCount);
const hold = (items: BellNotice[]) =>
  ctx.cache.setQueryData<Notices>(keys.notices, {
    pages: [{ items, unread: 0, has_more: true }],
    pageParams: [""],
  });

describe("live notices", () => {
  it("come to the top of the list and are told", () => {
    hold([notice("a")]);
    reduce(ctx, { type: "notice.created", data: { notice: notice("b"), unread: 2, sound: true } });
    expect(noticeItems(held()).map((n) => n.id)).toEqual(["b", "a"]);
    expect(counted()).toBe(2);
    expect(heard).toHaveBeenCalledWith({ notice: notice("b"), unread: 2, sound: true });
    expect(ctx.refreshed).toEqual([]);
  });

  it("count without a list, which is asked for when it is opened", () => {
    reduce(ctx, { type: "notice.created", data: { notice: notice("a"), unread: 3, sound: false } });
    expect(held()).toBeUndefined();
    expect(counted()).toBe(3);
    expect(ctx.refreshed).toEqual([]);
  });

  it("count what else comes in their conversation", () => {
    hold([notice("a"), { ...notice("b"), conversation_id: "c-2", read: true }]);
    reduce(ctx, { type: "message.created", data: message(5, { conversation_id: "c-2" }) });
    reduce(ctx, { type: "message.created", data: message(6, { conversation_id: "c-1" }) });
    expect(ctx.refreshed.filter((key) => key === keys.notices)).toHaveLength(1);
  });

  it("are read on another device", () => {
    hold([notice("a"), notice("b")]);
    reduce(ctx, { type: "notice.read", data: { ids: ["a"], unread: 1 } });
    expect(noticeItems(held()).map((n) => n.read)).toEqual([true, false]);
    expect(counted()).toBe(1);
    expect(heard).toHaveBeenCalledWith({ read: ["a"] });
  });

  it("are counted anew by what comes while somebody asks", async () => {
    let answer: (n: number) => void = () => undefined;
    const asking = ctx.cache.fetchQuery({
      queryKey: keys.noticeCount,
      queryFn: () => new Promise<number>((done) => (answer = done)),
    });
    reduce(ctx, { type: "notice.read", data: { ids: ["a"], unread: 0 } });
    answer(1);
    await asking.catch(() => undefined);
    expect(counted()).toBe(0);
  });
});

it("preferences that changed on another device are asked for again", () => {
  reduce(ctx, { type: "preferences.changed", data: {} });
  expect(ctx.refreshed).toEqual([keys.preferences]);
});
