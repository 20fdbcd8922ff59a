import { useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Conversation, Message } from "../../api/types.ts";
import { append, firstSeq, lastSeq, mergeMessages, prepend, type Thread } from "../../live/thread.ts";
import { listed, usePolling } from "./queries.ts";

/** A screenful and a little more; scrolling asks for the next page early. */
const firstPage = 30;
const threadPage = 50;
/** A catch-up longer than this is given up for a fresh newest page. */
const catchUpPages = 3;
const longestPage = 200;

/**
 * A conversation's messages; a refetch asks only for what came after the last
 * one held. The first time it is the part around `wanted`, if that is not 0.
 */
export function useThread(id: string, wanted: number) {
  return useQuery({
    refetchInterval: usePolling(),
    queryKey: keys.thread(id),
    queryFn: ({ signal }) => loadThread(id, wanted, signal),
    enabled: id !== "",
    // Live events keep it fresh; a reconnect invalidates it.
    staleTime: 60_000,
  });
}

export function held(id: string): Thread | undefined {
  return queryClient.getQueryData<Thread>(keys.thread(id));
}

function put(id: string, thread: Thread): void {
  queryClient.setQueryData(keys.thread(id), thread);
}

async function loadThread(id: string, wanted: number, signal: AbortSignal): Promise<Thread> {
  const before = held(id);
  if (before?.hasNewer) return refreshed(id, before, signal);
  if (lastSeq(before) > 0 && (await catchUp(id, signal))) {
    const now = held(id) as Thread;
    return now.stale ? refreshed(id, now, signal) : now;
  }
  if (!before && wanted > 0 && (await showAround(id, { seq: wanted })) !== null) return held(id) as Thread;
  const page = await messages(id, { limit: opening(id) }, signal);
  return mergeMessages(held(id), page.items, page.has_more);
}

/** Asks again for the end of what is held: edits and deletions may have been missed. */
async function refreshed(id: string, thread: Thread, signal: AbortSignal): Promise<Thread> {
  const before_seq = lastSeq(thread) + 1;
  const page = await messages(id, { before_seq, limit: Math.min(longestPage, thread.items.length) }, signal);
  const fresh = new Map(page.items.map((m) => [m.seq, m]));
  const now = held(id) ?? thread;
  return { ...now, stale: false, items: now.items.map((m) => fresh.get(m.seq) ?? m) };
}

/** A screenful, or as much as is unread with a little before it. */
function opening(id: string): number {
  const known = queryClient.getQueryData<Conversation>(keys.conversation(id)) ?? listed(id);
  return Math.min(longestPage, Math.max(firstPage, (known?.unread ?? 0) + 10));
}

/** Reads forward from the last message held; false when there is too much of it. */
async function catchUp(id: string, signal: AbortSignal): Promise<boolean> {
  for (let i = 0; i < catchUpPages; i++) {
    const after_seq = lastSeq(held(id));
    const page = await messages(id, { after_seq, limit: longestPage }, signal);
    const now = held(id);
    put(id, { ...mergeMessages(now, page.items, false), stale: now?.stale ?? false });
    if (!page.has_more) return true;
  }
  return false;
}

/** Puts the page before the oldest message held in front of it. */
export async function loadOlder(id: string): Promise<void> {
  const before_seq = firstSeq(held(id));
  if (before_seq <= 1) return;
  const page = await messages(id, { before_seq, limit: threadPage });
  const now = held(id);
  if (now && firstSeq(now) === before_seq) put(id, prepend(now, page.items, page.has_more));
}

/** Puts the page after the newest message held behind it. */
export async function loadNewer(id: string): Promise<void> {
  const after_seq = lastSeq(held(id));
  const page = await messages(id, { after_seq, limit: threadPage });
  const now = held(id);
  if (now && lastSeq(now) === after_seq) put(id, append(now, page.items, page.has_more));
}

/** Where to look: at a message, or at the first one of a moment or later. */
export type Place = { seq: number } | { at: string };

/** Shows another part of a conversation; gives the message to look at, or null where there is none. */
export async function showAround(id: string, place: Place): Promise<number | null> {
  const query = "seq" in place ? { around_seq: place.seq } : { at: place.at };
  const page = await messages(id, { ...query, limit: threadPage });
  const c = queryClient.getQueryData<Conversation>(keys.conversation(id)) ?? listed(id);
  if (page.items.length === 0) return null;
  const thread: Thread = { items: page.items, hasMore: page.has_more };
  put(id, { ...thread, hasNewer: lastSeq(thread) < (c?.last_seq ?? 0) });
  const found = page.items.find((m) => ("seq" in place ? m.seq >= place.seq : m.created_at >= place.at));
  return (found ?? page.items[page.items.length - 1])?.seq ?? null;
}

/** Back to the end. */
export async function showNewest(id: string): Promise<void> {
  if (!held(id)?.hasNewer) return;
  const page = await messages(id, { limit: threadPage });
  put(id, { items: page.items, hasMore: page.has_more });
}

interface PageQuery {
  limit: number;
  before_seq?: number;
  after_seq?: number;
  around_seq?: number;
  at?: string;
}

async function messages(
  id: string,
  query: PageQuery,
  signal?: AbortSignal,
): Promise<{ items: Message[]; has_more: boolean }> {
  const { items, has_more } = await ask(
    api.GET("/api/v1/conversations/{id}/messages", {
      params: { path: { id }, query },
      ...(signal && { signal }),
    }),
  );
  return { items: (items ?? []) as Message[], has_more };
}
