import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { queryClient } from "./cache.ts";
import { ask, api } from "./client.ts";
import { keys } from "./keys.ts";
import type { BellNotice, BellNotices } from "./types.ts";

export type { BellNotice };

export type Notices = InfiniteData<BellNotices, unknown>;

async function readNotices(before: string, signal: AbortSignal): Promise<BellNotices> {
  const query = { limit: 20, ...(before && { before }) };
  return ask(api.GET("/api/v1/me/notices", { params: { query }, signal }));
}

/** What came, newest first; live events keep it so. */
export function useNotices() {
  return useInfiniteQuery({
    queryKey: keys.notices,
    queryFn: ({ pageParam, signal }) => readNotices(pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => (last.has_more ? last.items?.[last.items.length - 1]?.id : undefined),
    staleTime: 5 * 60_000,
  });
}

/** Says that some have been seen, or with no ids that all have. */
export async function markNotices(ids?: readonly string[]): Promise<void> {
  queryClient.setQueryData<Notices>(keys.notices, (list) => list && withRead(list, ids ?? null, null));
  try {
    await ask(api.POST("/api/v1/me/notices/read", { body: ids ? { ids: [...ids] } : { all: true } }));
  } catch (error) {
    void queryClient.invalidateQueries({ queryKey: keys.notices });
    throw error;
  }
}

export function noticeItems(list: Notices | undefined): BellNotice[] {
  return list?.pages.flatMap((p) => p.items ?? []) ?? [];
}

export function unreadNotices(list: Notices | undefined): number {
  return list?.pages[0]?.unread ?? 0;
}

/** The list with some read, or all; the number that is unread then is the server's, or counted down here. */
export function withRead(list: Notices, ids: readonly string[] | null, unread: number | null): Notices {
  let seen = 0;
  const mark = (n: BellNotice) => {
    if (n.read || (ids && !ids.includes(n.id))) return n;
    seen++;
    return { ...n, read: true };
  };
  const pages = list.pages.map((p) => ({ ...p, items: (p.items ?? []).map(mark) }));
  const left = unread ?? (ids ? Math.max(0, unreadNotices(list) - seen) : 0);
  return { ...list, pages: pages.map((p) => ({ ...p, unread: left })) };
}

/** The list with a notice on top; null where only the server can say how many are unread then. */
export function withNotice(list: Notices, notice: BellNotice): Notices | null {
  const known = noticeItems(list).find((n) => n.id === notice.id);
  if (!known && list.pages.some((p) => p.has_more)) return null;
  const wasUnread = known ? !known.read : false;
  const unread = unreadNotices(list) + Number(!notice.read) - Number(wasUnread);
  const pages = list.pages.map((p, i) => {
    const rest = (p.items ?? []).filter((n) => n.id !== notice.id);
    return { ...p, unread, items: i === 0 ? [notice, ...rest] : rest };
  });
  return { ...list, pages };
}
