import type { Message } from "../api/types.ts";

/** A run of one conversation's messages without a gap, ascending by seq. */
export interface Thread {
  items: Message[];
  /** Older messages exist before the first item. */
  hasMore: boolean;
  /** The run does not reach the newest message: someone looks at an older part. */
  hasNewer?: boolean;
  /** What is held may have been changed while nothing was heard. */
  stale?: boolean;
}

/** More than this is not held: what lies furthest from where one reads is let go, and fetched again on the way back. */
export const mostHeld = 1_500;

export function lastSeq(thread: Thread | undefined): number {
  return thread?.items[thread.items.length - 1]?.seq ?? 0;
}

export function firstSeq(thread: Thread | undefined): number {
  return thread?.items[0]?.seq ?? 0;
}

/**
 * Puts a run that reaches the newest message into a thread: the newer copy of a
 * message wins, the order is by seq. Should the run lie beyond a gap, the older
 * part is let go, so that a thread never shows messages as neighbours that are
 * not.
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

/** Puts the page before the first message held in front of it. */
export function prepend(thread: Thread, page: readonly Message[], hasMore: boolean): Thread {
  const items = [...page, ...thread.items];
  if (items.length <= mostHeld) return { ...thread, items, hasMore };
  return { ...thread, items: items.slice(0, mostHeld), hasMore, hasNewer: true };
}

/** Puts the page after the last message held behind it. */
export function append(thread: Thread, page: readonly Message[], hasNewer: boolean): Thread {
  const items = [...thread.items, ...page];
  const over = items.length - mostHeld;
  if (over <= 0) return { ...thread, items, hasNewer };
  return { ...thread, items: items.slice(over), hasMore: true, hasNewer };
}

/** What a single live message does to a thread: "gap" asks for a catch-up. */
export function addMessage(thread: Thread, message: Message): Thread | "gap" {
  const last = lastSeq(thread);
  if (message.seq <= last) return replaceMessage(thread, message);
  // Whoever looks at an older part gets there by scrolling.
  if (thread.hasNewer) return thread;
  if (message.seq > last + 1) return "gap";
  return { ...thread, items: [...thread.items, message] };
}

/** Takes over an edit or a deletion of a message that is in the thread, also where it is quoted. */
export function replaceMessage(thread: Thread, message: Message): Thread {
  let touched = false;
  const items = thread.items.map((m) => {
    const next =
      m.seq === message.seq
        ? { ...message, quoted: message.quoted ?? m.quoted ?? null }
        : requoted(m, message);
    touched ||= next !== m;
    return next;
  });
  return touched ? { ...thread, items } : thread;
}

/** A message as it quotes another one now. */
function requoted(m: Message, quoted: Message): Message {
  if (!m.quoted || m.quoted.id !== quoted.id) return m;
  const deleted = Boolean(quoted.deleted_at);
  return { ...m, quoted: { ...m.quoted, body: deleted ? "" : quoted.body, deleted } };
}
