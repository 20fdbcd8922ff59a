import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../api/keys.ts";
import { type BellNotice, noticeItems, type Notices, unreadNotices } from "../api/notices.ts";
import { message } from "../test.fixtures.ts";
import type { LiveContext } from "./context.ts";
import { onNotices } from "./notices.ts";
import { reduce } from "./reducers.ts";

const notice = (id: string): BellNotice => ({
  id,
  kind: "direct",
  conversation_id: "c-1",
  title: "Leilani Kahale",
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
const hold = (items: BellNotice[], unread: number, has_more = false) =>
  ctx.cache.setQueryData<Notices>(keys.notices, { pages: [{ items, unread, has_more }], pageParams: [""] });

describe("live notices", () => {
  it("come to the top of the list and are told", () => {
    hold([notice("a")], 1);
    reduce(ctx, { type: "notice.created", data: { notice: notice("b"), sound: true } });
    expect(noticeItems(held()).map((n) => n.id)).toEqual(["b", "a"]);
    expect(unreadNotices(held())).toBe(2);
    expect(heard).toHaveBeenCalledWith({ notice: notice("b"), sound: true });
    expect(ctx.refreshed).toEqual([]);
  });

  it("are asked for where the list can not tell", () => {
    reduce(ctx, { type: "notice.created", data: { notice: notice("a"), sound: false } });
    hold([notice("a")], 1, true);
    reduce(ctx, { type: "notice.created", data: { notice: notice("b"), sound: false } });
    expect(ctx.refreshed).toEqual([keys.notices, keys.notices]);
  });

  it("count what else comes in their conversation", () => {
    hold([notice("a"), { ...notice("b"), conversation_id: "c-2", read: true }], 1);
    reduce(ctx, { type: "message.created", data: message(5, { conversation_id: "c-2" }) });
    reduce(ctx, { type: "message.created", data: message(6, { conversation_id: "c-1" }) });
    expect(ctx.refreshed.filter((key) => key === keys.notices)).toHaveLength(1);
  });

  it("are read on another device", () => {
    hold([notice("a"), notice("b")], 2);
    reduce(ctx, { type: "notice.read", data: { ids: ["a"], unread: 1 } });
    expect(noticeItems(held()).map((n) => n.read)).toEqual([true, false]);
    expect(unreadNotices(held())).toBe(1);
    expect(heard).toHaveBeenCalledWith({ read: ["a"] });
  });
});
