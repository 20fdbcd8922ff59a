import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { type InboxFilter, keys } from "../../api/keys.ts";
import type { Conversation } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { type Inbox, inboxItems } from "../../live/inbox.ts";
import { liveStatus } from "../../live/status.ts";
import { firstSeq, lastSeq, mergeMessages, type Thread } from "../../live/thread.ts";

/** A screenful and a little more; scrolling asks for the next page early. */
const inboxPage = 20;
const firstPage = 30;
const threadPage = 50;
/** A catch-up longer than this is given up for a fresh newest page. */
const catchUpPages = 3;
const catchUpPage = 200;

/** Where no live connection can be had, asking now and then must do. */
function usePolling(): number | false {
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

function listed(id: string): Conversation | undefined {
  for (const [, inbox] of queryClient.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    const found = inboxItems(inbox).find((c) => c.id === id);
    if (found) return found;
  }
  return undefined;
}

/** A conversation's newest messages; a refetch asks only for what came after the last one held. */
export function useThread(id: string) {
  return useQuery({
    refetchInterval: usePolling(),
    queryKey: keys.thread(id),
    queryFn: ({ signal }) => loadThread(id, signal),
    enabled: id !== "",
    // Live events keep it fresh; a reconnect invalidates it.
    staleTime: 60_000,
  });
}

function held(id: string): Thread | undefined {
  return queryClient.getQueryData<Thread>(keys.thread(id));
}

async function loadThread(id: string, signal: AbortSignal): Promise<Thread> {
  if (lastSeq(held(id)) > 0 && (await catchUp(id, signal))) return held(id) as Thread;
  const page = await messages(id, { limit: opening(id) }, signal);
  return mergeMessages(held(id), page.items ?? [], page.has_more);
}

/** A screenful, or as much as is unread with a little before it. */
function opening(id: string): number {
  const known = queryClient.getQueryData<Conversation>(keys.conversation(id)) ?? listed(id);
  return Math.min(catchUpPage, Math.max(firstPage, (known?.unread ?? 0) + 10));
}

/** Reads forward from the last message held; false when there is too much of it. */
async function catchUp(id: string, signal: AbortSignal): Promise<boolean> {
  for (let i = 0; i < catchUpPages; i++) {
    const after_seq = lastSeq(held(id));
    const page = await messages(id, { after_seq, limit: catchUpPage }, signal);
    put(id, mergeMessages(held(id), page.items ?? [], false));
    if (!page.has_more) return true;
  }
  return false;
}

function put(id: string, thread: Thread): void {
  queryClient.setQueryData(keys.thread(id), thread);
}

/** Puts the page before the oldest message held in front of it. */
export async function loadOlder(id: string): Promise<void> {
  const before_seq = firstSeq(held(id));
  if (before_seq <= 1) return;
  const page = await messages(id, { before_seq, limit: threadPage });
  const now = held(id);
  if (firstSeq(now) === before_seq) put(id, mergeMessages(now, page.items ?? [], page.has_more));
}

function messages(
  id: string,
  query: { limit: number; before_seq?: number; after_seq?: number },
  signal?: AbortSignal,
) {
  return ask(
    api.GET("/api/v1/conversations/{id}/messages", {
      params: { path: { id }, query },
      ...(signal && { signal }),
    }),
  );
}
