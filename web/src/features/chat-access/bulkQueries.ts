import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { accessKeys } from "../../api/access.ts";
import { queryClient } from "../../api/cache.ts";
import { api, ask, explain } from "../../api/client.ts";
import type { AccessRow } from "../../api/types.ts";
import { say, sayUndo } from "../../ui/toast.ts";
import { type Bulk, undoWords } from "./bulk.ts";
import { type Filter, listQuery } from "./filter.ts";
import { refreshAll } from "./queries.ts";

const pageSize = 100;

/** Clients with both switches, a page at a time. */
export function useAccessList(filter: Filter) {
  return useInfiniteQuery({
    queryKey: accessKeys.list(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/chat-access/clients", {
          signal,
          params: {
            query: { limit: pageSize, ...listQuery(filter), ...(pageParam && { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}

export function useAccessCounts() {
  return useQuery({
    queryKey: accessKeys.counts,
    queryFn: () => ask(api.GET("/api/v1/chat-access/counts")),
  });
}

/** What a change would do; nothing is changed by asking. */
export function usePreview(bulk: Bulk, includeOwn: boolean, until: string | null) {
  const { filter, place, direct, community } = bulk;
  const what = { filter, place, ...(direct && { direct }), ...(community && { community }) };
  return useQuery({
    queryKey: [...accessKeys.all, "preview", what, includeOwn, until],
    queryFn: ({ signal }) =>
      ask(
        api.POST("/api/v1/chat-access/changes/preview", {
          signal,
          body: {
            ...what,
            ...(includeOwn && { include_own: true }),
            ...(until && { until }),
          },
        }),
      ),
    // A token is for this look only.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    placeholderData: (before) => before,
  });
}

/** Applies what was looked at, and offers the way back. */
export function useApply() {
  return useMutation({
    mutationFn: ({ token, reason }: { token: string; reason: string; done: string }) =>
      ask(api.POST("/api/v1/chat-access/changes", { body: { token, ...(reason && { reason }) } })),
    onSuccess: (applied, { done }) => {
      refreshAll();
      sayUndo(done, () => void undo(applied.id));
    },
  });
}

/** Takes a change back and says for whom. */
export async function undo(id: string): Promise<void> {
  try {
    const { restored, left } = await ask(
      api.POST("/api/v1/chat-access/changes/{id}/undo", { params: { path: { id } } }),
    );
    say(undoWords(restored, left ?? []));
  } catch (error) {
    say(explain(error));
  } finally {
    refreshAll();
  }
}

export function useChanges() {
  return useInfiniteQuery({
    queryKey: accessKeys.changes,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/chat-access/changes", {
          signal,
          params: { query: { limit: 30, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function useImportPreview() {
  return useMutation({
    mutationFn: (body: { csv: string; skip_bad_lines: boolean }) =>
      ask(api.POST("/api/v1/chat-access/import/preview", { body })),
  });
}

/** Shows a switch as turned before the server has said so. */
export function patchRow(id: string, change: (row: AccessRow) => AccessRow): void {
  type Pages = { pages: { items: AccessRow[] | null }[]; pageParams: unknown[] };
  for (const [key, list] of queryClient.getQueriesData<Pages>({ queryKey: accessKeys.lists })) {
    if (!list) continue;
    const pages = list.pages.map((p) => ({
      ...p,
      items: (p.items ?? []).map((r) => (r.client_id === id ? change(r) : r)),
    }));
    queryClient.setQueryData(key, { ...list, pages });
  }
}
