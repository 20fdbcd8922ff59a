import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { queryClient } from "./cache.ts";
import { ask, api } from "./client.ts";
import { keys } from "./keys.ts";
import type { BellNotice, BellNotices } from "./types.ts";

export type { BellNotice };

export type Notices = InfiniteData<BellNotices, unknown>;

async function readNotices(before: string, signal: AbortSignal, limit = 20): Promise<BellNotices> {
  const query = { limit, ...(before && { before }) };
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

const countQuery = {
  queryKey: keys.noticeCount,
  queryFn: async ({ signal }: { signal: AbortSignal }) => (await readNotices("", signal, 1)).unread,
};

/** How many have not been seen. The live connection says so when it greets; asked for only where that is lost. */
export function useNoticeCount(lost: boolean): number {
  const { data } = useQuery({
    ...countQuery,
    enabled: lost,
    refetchInterval: lost ? 15_000 : false,
    staleTime: lost ? 0 : Infinity,
  });
  return data ?? 0;
}

/** Asks how many there are, where the greeting did not say. */
export async function countNotices(): Promise<void> {
  await queryClient.fetchQuery({ ...countQuery, staleTime: 0 }).catch(() => undefined);
}

/** Says that some have been seen, or with no ids that all have. */
export async function markNotices(ids?: readonly string[]): Promise<void> {
  await queryClient.cancelQueries({ queryKey: keys.noticeCount });
  queryClient.setQueryData<Notices>(keys.notices, (list) => list && withRead(list, ids ?? null));
  queryClient.setQueryData<number>(keys.noticeCount, (n) => (ids ? Math.max(0, (n ?? 0) - ids.length) : 0));
  try {
    const { unread } = await ask(
      api.POST("/api/v1/me/notices/read", { body: ids ? { ids: [...ids] } : { all: true } }),
    );
    queryClient.setQueryData<number>(keys.noticeCount, unread);
  } catch (error) {
    void queryClient.invalidateQueries({ queryKey: keys.notices });
    void countNotices();
    throw error;
  }
}

export function noticeItems(list: Notices | undefined): BellNotice[] {
  return list?.pages.flatMap((p) => p.items ?? []) ?? [];
}

/** The list with some read, or all. */
export function withRead(list: Notices, ids: readonly string[] | null): Notices {
  const mark = (n: BellNotice) => (n.read || (ids && !ids.includes(n.id)) ? n : { ...n, read: true });
  return { ...list, pages: list.pages.map((p) => ({ ...p, items: (p.items ?? []).map(mark) })) };
}

/** The list with a notice on top. */
export function withNotice(list: Notices, notice: BellNotice): Notices {
  const pages = list.pages.map((p, i) => {
    const rest = (p.items ?? []).filter((n) => n.id !== notice.id);
    return { ...p, items: i === 0 ? [notice, ...rest] : rest };
  });
  return { ...list, pages };
}

/** Where a notice leads: to its message, or where that is gone to what is new in its conversation. */
export function noticeHref({ conversation_id: id, seq }: BellNotice): string {
  return seq ? `/inbox/${id}?m=${seq}` : `/inbox/${id}`;
}
