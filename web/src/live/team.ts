import { type InboxFilter, keys } from "../api/keys.ts";
import type { Conversation, Note, Person } from "../api/types.ts";
import { createStore, without } from "../lib/store.ts";
import { type LiveContext, patchConversation } from "./context.ts";
import { type Inbox, inInbox } from "./inbox.ts";

/** Who of staff looks at a conversation, and who of them is writing there. */
export interface Looking {
  viewers: readonly Person[];
  typing: readonly Person[];
}

/** By conversation; told by the server only of the one that is open here. */
export const looking = createStore<Readonly<Record<string, Looking>>>({});

export function heardPresence(
  _ctx: LiveContext,
  { conversation_id, viewers, typing }: Looking & { conversation_id: string },
): void {
  looking.update((all) => ({ ...all, [conversation_id]: { viewers, typing } }));
}

/** What one does not look at is not told any more. */
export function forgetPresence(conversation: string): void {
  looking.update((all) => without(all, conversation));
}

/** There is something new in the shared queue: which conversation, or null for any. */
export function changeQueue(
  ctx: LiveContext,
  { conversation_id: id }: { conversation_id: string | null },
): void {
  for (const [key] of ctx.cache.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    if ((key[1] as InboxFilter).inbox === "organization") ctx.refresh(key);
  }
  ctx.refresh(keys.counts);
  if (id === null) {
    ctx.refresh(keys.conversations);
    ctx.refresh(keys.threads);
    return;
  }
  // Members hear of it in full; who looks on from outside asks.
  if (!ctx.cache.getQueryData<Conversation>(keys.conversation(id))?.organization_inbox) return;
  ctx.refresh(keys.conversation(id));
  ctx.refresh(keys.thread(id));
}

/** A client waits for an answer, or no longer does, or for too long. */
export function changeWaiting(
  ctx: LiveContext,
  {
    conversation_id: id,
    ...wait
  }: Pick<Conversation, "unanswered_since" | "overdue"> & { conversation_id: string },
): void {
  patchConversation(ctx.cache, id, (c) => ({ ...c, ...wait }));
  for (const [key, inbox] of ctx.cache.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    const { unanswered } = key[1] as InboxFilter;
    if (unanswered && inInbox(inbox, id) !== (wait.unanswered_since !== null)) ctx.refresh(key);
  }
}

/** Takes over a staff note as it is now. */
export function changeNote(ctx: LiveContext, note: Note): void {
  ctx.cache.setQueryData<Note[]>(keys.notes(note.conversation_id), (list) => list && withNote(list, note));
}

/** The list with a note in its place: behind its message, then by age. */
export function withNote(list: readonly Note[], note: Note): Note[] {
  const rest = list.filter((n) => n.id !== note.id);
  return [...rest, note].sort(
    (a, b) => a.after_seq - b.after_seq || a.created_at.localeCompare(b.created_at) || (a.id < b.id ? -1 : 1),
  );
}
