import { type InboxFilter, keys } from "../api/keys.ts";
import type { Conversation, Message } from "../api/types.ts";
import { changeAccess } from "./access.ts";
import { changeBlast } from "./blasts.ts";
import { changeScheduled } from "./scheduled.ts";
import { type LiveContext, patchConversation } from "./context.ts";
import type { LiveEvent, LiveEvents } from "./events.ts";
import {
  fits,
  type Inbox,
  inInbox,
  patchInbox,
  raise,
  withChange,
  withMessage,
  withoutConversation,
  withRead,
} from "./inbox.ts";
import { countInNotice, heardNotice, heardNoticesRead } from "./notices.ts";
import { heardRead, startedTyping, stoppedTyping } from "./presence.ts";
import { changeNote, changeQueue, changeWaiting, heardPresence } from "./team.ts";
import { sessionEnded } from "./status.ts";
import { addMessage, replaceMessage, type Thread } from "./thread.ts";

export type { LiveContext };

type Reducer<K extends keyof LiveEvents> = (ctx: LiveContext, data: LiveEvents[K]) => void;

/** One entry per event; a new event without its reducer does not compile. */
export const reducers = {
  "message.created": (ctx, message) => {
    storeMessage(ctx, message);
    if (message.author.id === ctx.meId) return;
    countInNotice(ctx, message.conversation_id);
    if (message.author.id) stoppedTyping(message.conversation_id, message.author.id);
    ctx.heard(message);
  },
  "message.updated": changeMessage,
  "message.deleted": changeMessage,
  "conversation.created": storeConversation,
  "conversation.updated": storeConversation,
  "read.updated": (ctx, read) => {
    heardRead(read.conversation_id, read.user_id, read.seq);
    if (read.user_id !== ctx.meId) return;
    patchConversation(ctx.cache, read.conversation_id, (c) => withRead(c, read.seq, read.unread ?? c.unread));
    ctx.refresh(keys.counts);
  },
  "draft.updated": (ctx, draft) => {
    patchConversation(ctx.cache, draft.conversation_id, (c) => ({
      ...c,
      draft: draft.body,
      draft_reply_to: draft.reply_to,
      draft_attachments: draft.attachments,
    }));
  },
  typing: (ctx, { conversation_id, user }) => {
    if (user.id && user.id !== ctx.meId) startedTyping(conversation_id, user.id, user.name);
  },
  "chat_access.changed": changeAccess,
  "scheduled.updated": changeScheduled,
  "reports.changed": (ctx) => ctx.refresh(keys.reports),
  "queue.updated": changeQueue,
  presence: heardPresence,
  "note.created": changeNote,
  "note.updated": changeNote,
  "note.deleted": changeNote,
  "blast.progress": changeBlast,
  "waiting.updated": changeWaiting,
  "notice.created": heardNotice,
  "notice.read": heardNoticesRead,
  // A page that is being edited keeps its edits and says that somebody was there.
  "preferences.changed": (ctx) => ctx.refresh(keys.preferences),
  "session.ended": (_ctx, { reason }) => sessionEnded.set(reason ?? "ended"),
} satisfies { [K in keyof LiveEvents]: Reducer<K> };

/** Applies one event; what this version does not know is left alone. */
export function reduce(ctx: LiveContext, event: LiveEvent): void {
  const apply = reducers[event.type] as Reducer<keyof LiveEvents> | undefined;
  apply?.(ctx, event.data as never);
}

/** Puts a message that the server has stored into everything that shows it. */
export function storeMessage(ctx: LiveContext, message: Message): void {
  const id = message.conversation_id;
  const thread = ctx.cache.getQueryData<Thread>(keys.thread(id));
  if (thread) {
    const next = addMessage(thread, message);
    if (next === "gap") ctx.refresh(keys.thread(id));
    else ctx.cache.setQueryData(keys.thread(id), next);
  }
  ctx.cache.setQueryData<Conversation>(keys.conversation(id), (c) => c && withMessage(c, message, ctx.meId));
  for (const [key, inbox] of ctx.cache.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    if (!inbox) continue;
    // A message pins nothing.
    if (!inInbox(inbox, id)) {
      if (!filterOf(key).pinned) ctx.refresh(key);
    } else
      ctx.cache.setQueryData(
        key,
        raise(
          patchInbox(inbox, id, (c) => withMessage(c, message, ctx.meId)),
          id,
        ),
      );
  }
  if (message.attachments.length > 0) ctx.refresh(keys.files(id));
  ctx.refresh(keys.counts);
}

/** Takes over what changed about a message that is held already. */
export function changeMessage(ctx: LiveContext, message: Message): void {
  const id = message.conversation_id;
  ctx.cache.setQueryData<Thread>(keys.thread(id), (thread) => thread && replaceMessage(thread, message));
  patchConversation(ctx.cache, id, (c) => withChange(c, message));
  if (message.deleted_at) ctx.refresh(keys.files(id));
}

/** Puts a conversation as it is now into everything that shows it. */
export function storeConversation(ctx: LiveContext, c: Conversation): void {
  ctx.cache.setQueryData(keys.conversation(c.id), c);
  for (const [key, inbox] of ctx.cache.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    if (!inbox) continue;
    const belongs = fits(c, filterOf(key));
    if (!inInbox(inbox, c.id)) {
      if (belongs) ctx.refresh(key);
      continue;
    }
    const next = patchInbox(inbox, c.id, () => c);
    ctx.cache.setQueryData(key, belongs ? raise(next, c.id) : withoutConversation(next, c.id));
  }
  ctx.refresh(keys.counts);
}

function filterOf(key: readonly unknown[]): InboxFilter {
  return key[1] as InboxFilter;
}
