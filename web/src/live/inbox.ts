import type { InfiniteData } from "@tanstack/react-query";
import type { InboxFilter } from "../api/keys.ts";
import type { Conversation, Message } from "../api/types.ts";

export interface InboxPage {
  items: Conversation[] | null;
  next_cursor?: string | null | undefined;
}

export type Inbox = InfiniteData<InboxPage, unknown>;

export function inboxItems(inbox: Inbox | undefined): Conversation[] {
  return inbox?.pages.flatMap((p) => p.items ?? []) ?? [];
}

export function inInbox(inbox: Inbox | undefined, id: string): boolean {
  return inbox?.pages.some((p) => p.items?.some((c) => c.id === id)) ?? false;
}

/** Whether a conversation belongs in a list, as far as the list's filter tells without asking. */
export function fits(c: Conversation, filter: InboxFilter): boolean {
  if (filter.kind !== "" && c.kind !== filter.kind) return false;
  if (filter.pinned && !c.pinned) return false;
  if (filter.unanswered && c.unanswered_since === null) return false;
  // Whose it is the server knows; news of the queue asks it again.
  if (filter.queue) return !c.closed_at && (filter.queue === "mine") === (c.assignee !== null);
  if (filter.state === "archived") return c.archived;
  return !c.archived && (filter.state === "closed") === (c.closed_at !== null);
}

/** Takes one conversation out. */
export function withoutConversation(inbox: Inbox, id: string): Inbox {
  const pages = inbox.pages.map((p) => ({ ...p, items: (p.items ?? []).filter((c) => c.id !== id) }));
  return { ...inbox, pages };
}

/** Changes one conversation where it stands. */
export function patchInbox(inbox: Inbox, id: string, change: (c: Conversation) => Conversation): Inbox {
  if (!inInbox(inbox, id)) return inbox;
  const pages = inbox.pages.map((page) => ({
    ...page,
    items: (page.items ?? []).map((c) => (c.id === id ? change(c) : c)),
  }));
  return { ...inbox, pages };
}

/** Changes every conversation where it stands; the same list when nothing changed. */
export function mapInbox(inbox: Inbox, change: (c: Conversation) => Conversation): Inbox {
  let touched = false;
  const pages = inbox.pages.map((page) => ({
    ...page,
    items: (page.items ?? []).map((c) => {
      const next = change(c);
      touched ||= next !== c;
      return next;
    }),
  }));
  return touched ? { ...inbox, pages } : inbox;
}

/** Moves one conversation to the place its last activity gives it. */
export function raise(inbox: Inbox, id: string): Inbox {
  const moving = inboxItems(inbox).find((c) => c.id === id);
  if (!moving) return inbox;
  let placed = false;
  const pages = inbox.pages.map((page) => {
    const items: Conversation[] = [];
    for (const c of page.items ?? []) {
      if (c.id === id) continue;
      if (!placed && moving.last_activity_at >= c.last_activity_at) {
        items.push(moving);
        placed = true;
      }
      items.push(c);
    }
    return { ...page, items };
  });
  const last = pages[pages.length - 1];
  if (!placed && last) last.items.push(moving);
  return { ...inbox, pages };
}

/** What a new message changes about its conversation for the person reading. */
export function withMessage(c: Conversation, message: Message, meId: string): Conversation {
  if (message.seq < c.last_seq) return c;
  if (message.seq === c.last_seq) return { ...c, last_message: message };
  const next = {
    ...c,
    last_seq: message.seq,
    last_message: message,
    last_activity_at: message.created_at,
  };
  if (message.author.id === meId) return { ...next, unread: 0, read_seq: message.seq, marked_unread: false };
  return message.kind === "system" ? next : { ...next, unread: c.unread + 1 };
}

/** Takes over an edit or a deletion where it shows in the list. */
export function withChange(c: Conversation, message: Message): Conversation {
  return c.last_message?.id === message.id ? { ...c, last_message: message } : c;
}

/** What the person's own reading changes. */
export function withRead(c: Conversation, seq: number, unread: number): Conversation {
  return { ...c, read_seq: Math.max(c.read_seq, seq), unread, marked_unread: false };
}
