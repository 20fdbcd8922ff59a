import type { Message } from "../api/types.ts";

/** A run of one conversation's messages without a gap, ascending by seq. */
export interface Thread {
  items: Message[];
  /** Older messages exist before the first item. */
  hasMore: boolean;
}

export function lastSeq(thread: Thread | undefined): number {
  return thread?.items[thread.items.length - 1]?.seq ?? 0;
}

export function firstSeq(thread: Thread | undefined): number {
  return thread?.items[0]?.seq ?? 0;
}

/**
 * Puts a run of messages into a thread: the newer copy of a message wins, the
 * order is by seq. Should the run lie beyond a gap, the older part is let go, so
 * that a thread never shows messages as neighbours that are not.
 */
export function mergeMessages(thread: Thread | undefined, run: readonly Message[], hasMore: boolean): Thread {
  if (!thread || thread.items.length === 0) return { items: [...run], hasMore };
  const bySeq = new Map(thread.items.map((m) => [m.seq, m]));
  for (const message of run) bySeq.set(message.seq, message);
  const items = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const from = startOfLastRun(items);
  const startsHere = items[from]?.seq === run[0]?.seq;
  return { items: items.slice(from), hasMore: from > 0 || (startsHere ? hasMore : thread.hasMore) };
}

function startOfLastRun(items: readonly Message[]): number {
  for (let i = items.length - 1; i > 0; i--) {
    if ((items[i]?.seq ?? 0) !== (items[i - 1]?.seq ?? 0) + 1) return i;
  }
  return 0;
}

/** What a single live message does to a thread: "gap" asks for a catch-up. */
export function addMessage(thread: Thread, message: Message): Thread | "gap" {
  const last = lastSeq(thread);
  if (message.seq > last + 1) return "gap";
  if (message.seq === last + 1) return { ...thread, items: [...thread.items, message] };
  return replaceMessage(thread, message);
}

/** Takes over an edit or a deletion of a message that is in the thread. */
export function replaceMessage(thread: Thread, message: Message): Thread {
  const at = thread.items.findIndex((m) => m.seq === message.seq);
  if (at < 0) return thread;
  const items = [...thread.items];
  items[at] = message;
  return { ...thread, items };
}
