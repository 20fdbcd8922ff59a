import { queryClient } from "../api/cache.ts";
import { api, ask } from "../api/client.ts";
import { keys } from "../api/keys.ts";
import { countNotices } from "../api/notices.ts";
import type { Conversation, Message } from "../api/types.ts";
import { createOutbox } from "./outbox.ts";
import type { LiveContext } from "./context.ts";
import type { Hello } from "./events.ts";
import { heardCount } from "./notices.ts";
import { type Inbox, withoutConversation } from "./inbox.ts";
import { changeMessage, reduce, storeConversation, storeMessage } from "./reducers.ts";
import { type LiveSocket, openLive } from "./socket.ts";
import type { Thread } from "./thread.ts";
import { announce, liveStatus, sessionEnded } from "./status.ts";

/** How long the connection may be gone before anyone is told. */
const unnoticed = 2_500;

/** Many events in a moment ask for one refetch. */
const gather = 350;

let socket: LiveSocket | null = null;
let meId = "";

export const outbox = createOutbox({
  post: (item) =>
    ask(
      api.POST("/api/v1/conversations/{id}/messages", {
        params: { path: { id: item.conversationId } },
        body: {
          id: item.id,
          body: item.body,
          ...(item.onBehalfOf && { on_behalf_of: item.onBehalfOf }),
          ...(item.replyTo && { reply_to: item.replyTo.id }),
          ...(item.attachments.length > 0 && { attachment_ids: item.attachments.map((a) => a.id) }),
        },
      }),
      // Without a time to send at it is a message and nothing else.
    ) as Promise<Message>,
  sent: (message) => storeMessage(context(), message),
  refused(item) {
    announce("A message was not sent.");
    // The server knows better now what may be done here.
    void queryClient.invalidateQueries({ queryKey: keys.conversation(item.conversationId) });
    if (item.code === "chat_unavailable") void queryClient.invalidateQueries({ queryKey: keys.me });
  },
  online: () => navigator.onLine,
});

/** Shows a message as it is now, after one's own act on it, wherever it shows. */
export function keepMessage(message: Message): void {
  changeMessage(context(), message);
}

/** Shows a conversation as it is now, after one's own act on it, wherever it shows. */
export function keepConversation(c: Conversation): void {
  storeConversation(context(), c);
}

/** Takes a conversation that one has no part in any more out of everything that shows it. */
export function forgetConversation(id: string): void {
  for (const [key, inbox] of queryClient.getQueriesData<Inbox>({ queryKey: keys.inboxes }))
    if (inbox) queryClient.setQueryData(key, withoutConversation(inbox, id));
  queryClient.removeQueries({ queryKey: keys.conversation(id) });
  queryClient.removeQueries({ queryKey: keys.thread(id) });
  queryClient.removeQueries({ queryKey: keys.files(id) });
  refresh(keys.counts);
}

function context(): LiveContext {
  return { cache: queryClient, meId, refresh, heard };
}

const waiting = new Map<string, readonly unknown[]>();

function refresh(key: readonly unknown[]): void {
  if (waiting.size === 0) setTimeout(flush, gather);
  waiting.set(JSON.stringify(key), key);
}

function flush(): void {
  const due = [...waiting.values()];
  waiting.clear();
  for (const queryKey of due) void queryClient.invalidateQueries({ queryKey });
}

let announcer: (message: Message) => void = () => undefined;

/** Who tells about messages of others; the inbox decides which are worth a word. */
export function onHeard(tell: (message: Message) => void): void {
  announcer = tell;
}

function heard(message: Message): void {
  announcer(message);
}

/** Fetches whatever may have been missed while nothing was heard. */
function catchUp(): void {
  queryClient.setQueriesData<Thread>({ queryKey: keys.threads }, (t) => t && { ...t, stale: true });
  for (const queryKey of [
    keys.me,
    keys.inboxes,
    keys.threads,
    keys.conversations,
    keys.access,
    keys.counts,
    keys.scheduled,
    keys.allNotes,
    keys.allFiles,
    keys.notices,
  ])
    void queryClient.invalidateQueries({ queryKey });
  outbox.resume();
}

/**
 * After the first greeting: what was fetched while the connection was being
 * made may miss an event or two. Threads ask for what came after their last
 * message, and the list is asked for again only if its count has moved.
 */
async function catchFirst(): Promise<void> {
  const before = queryClient.getQueryData<{ unread_conversations: number }>(
    keys.counts,
  )?.unread_conversations;
  void queryClient.invalidateQueries({ queryKey: keys.threads });
  await queryClient.invalidateQueries({ queryKey: keys.counts });
  const after = queryClient.getQueryData<{ unread_conversations: number }>(keys.counts)?.unread_conversations;
  if (before !== undefined && before !== after)
    await queryClient.invalidateQueries({ queryKey: keys.inboxes });
}

/** Opens the live connection for the signed-in person and returns how to close it. */
export function startLive(userId: string): () => void {
  meId = userId;
  let lostTimer: ReturnType<typeof setTimeout> | undefined;
  let greeted = false;
  const lost = () => liveStatus.set("lost");
  const gone = () => {
    if (liveStatus.get() === "open") liveStatus.set("connecting");
    lostTimer ??= setTimeout(lost, unnoticed);
  };
  const opened = ({ notices_unread: unread }: Hello) => {
    if (unread === undefined) void countNotices();
    else heardCount(context(), unread);
    clearTimeout(lostTimer);
    lostTimer = undefined;
    liveStatus.set("open");
    if (greeted) catchUp();
    else void catchFirst();
    greeted = true;
  };
  socket = openLive(liveUrl(), {
    opened,
    closed: () => (navigator.onLine ? gone() : lost()),
    event: (event) => reduce(context(), event),
    ended: (reason) => sessionEnded.set(reason),
  });
  return () => {
    clearTimeout(lostTimer);
    socket?.close();
    socket = null;
    liveStatus.set("connecting");
  };
}

function liveUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/api/v1/live`;
}

/** Tells the others in a conversation that one is typing. */
export function sayTyping(conversation: string): void {
  socket?.say({ type: "typing", conversation_id: conversation });
}

/** Tells colleagues what one looks at, or null for nothing, and whether one is writing there. */
export function sayViewing(conversation: string | null, typing = false): void {
  socket?.say({ type: "viewing", conversation_id: conversation, ...(typing && { typing }) });
}

/** Tries the connection now: for people who know that the network is back. */
export function tryNow(): void {
  socket?.retry();
  outbox.resume();
}
