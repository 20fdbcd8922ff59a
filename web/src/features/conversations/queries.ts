import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { type InboxFilter, keys } from "../../api/keys.ts";
import type { Conversation } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { type Inbox, inboxItems } from "../../live/inbox.ts";
import { liveStatus } from "../../live/status.ts";

/** A screenful and a little more; scrolling asks for the next page early. */
const inboxPage = 20;

/** Where no live connection can be had, asking now and then must do. */
export function usePolling(): number | false {
  return useStore(liveStatus, (s) => s === "lost") ? 15_000 : false;
}

export function useInbox(filter: InboxFilter) {
  return useInfiniteQuery({
    refetchInterval: usePolling(),
    queryKey: keys.inbox(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/conversations", {
          signal,
          params: {
            query: {
              limit: inboxPage,
              state: filter.state,
              ...(filter.kind && { kind: filter.kind }),
              ...(filter.unread && { unread: true }),
              ...(filter.q && { q: filter.q }),
              ...(filter.inbox === "organization" && { inbox: "organization" as const }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function useCounts() {
  return useQuery({ queryKey: keys.counts, queryFn: () => ask(api.GET("/api/v1/conversations/counts")) });
}

/** One conversation; the copy in a list serves until the answer is here. */
export function useConversation(id: string) {
  return useQuery({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/v1/conversations/{id}", { signal, params: { path: { id } } }),
      ) as Promise<Conversation>,
    initialData: () => listed(id),
    initialDataUpdatedAt: () =>
      queryClient.getQueryCache().find({ queryKey: keys.inboxes, exact: false })?.state.dataUpdatedAt ?? 0,
    enabled: id !== "",
  });
}

export function listed(id: string): Conversation | undefined {
  for (const [, inbox] of queryClient.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    const found = inboxItems(inbox).find((c) => c.id === id);
    if (found) return found;
  }
  return undefined;
}
