import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
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

export function useInbox(filter: InboxFilter, enabled = true) {
  return useInfiniteQuery({
    enabled,
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
              ...(filter.pinned && { pinned: true }),
              ...(filter.unanswered && { unanswered: true }),
              ...(filter.q && { q: filter.q }),
              ...(filter.queue && { queue: filter.queue }),
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

/**
 * The inbox with what one has pinned on top, whatever its age; only where it is
 * the whole of one's own inbox, or a kind of it, that is looked at.
 */
export function usePinnedFirst(filter: InboxFilter) {
  const inbox = useInbox(filter);
  const plain =
    filter.state === "active" &&
    filter.inbox === "own" &&
    !filter.unread &&
    !filter.unanswered &&
    filter.q === "";
  const pinned = useInbox({ ...filter, pinned: true }, plain);
  const items = useMemo(() => {
    const all = inboxItems(inbox.data);
    if (!plain) return all;
    // Pinned ones that have not been asked for yet are at hand where they are on the page.
    const top = pinned.data ? inboxItems(pinned.data) : all.filter((c) => c.pinned);
    return [...top, ...all.filter((c) => !top.some((t) => t.id === c.id))];
  }, [inbox.data, pinned.data, plain]);
  return { inbox, items };
}
