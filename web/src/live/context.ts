import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import type { Conversation, Message } from "../api/types.ts";
import { type Inbox, patchInbox } from "./inbox.ts";

/** What a reducer may touch. */
export interface LiveContext {
  cache: QueryClient;
  meId: string;
  /** Asks for fresh data soon; many calls in a moment become one. */
  refresh(key: readonly unknown[]): void;
  /** Tells about a message of someone else. */
  heard(message: Message): void;
}

/** Changes a conversation wherever the cache holds it. */
export function patchConversation(
  cache: QueryClient,
  id: string,
  change: (c: Conversation) => Conversation,
): void {
  cache.setQueryData<Conversation>(keys.conversation(id), (c) => c && change(c));
  for (const [key, inbox] of cache.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    if (inbox) cache.setQueryData(key, patchInbox(inbox, id, change));
  }
}
