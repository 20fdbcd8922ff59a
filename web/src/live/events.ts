import type { Attachment, Conversation, Message, Note, Notice, Person, Scheduled } from "../api/types.ts";
import type { BlastProgress } from "./blasts.ts";
import type { NoticeCreated, NoticeRead } from "./notices.ts";

/** To staff with the client it is about; to the client with the words to read instead. */
export interface AccessChanged {
  client_id?: string;
  direct: boolean;
  community: boolean;
  notice?: Notice;
  community_notice?: Notice;
}

/** What the server may say over the live connection, with the shape of its data. */
export interface LiveEvents {
  "message.created": Message;
  "message.updated": Message;
  "message.deleted": Message;
  "conversation.created": Conversation;
  "conversation.updated": Conversation;
  "read.updated": { conversation_id: string; user_id: string; seq: number; unread?: number };
  "draft.updated": {
    conversation_id: string;
    body: string;
    reply_to: string | null;
    attachments: Attachment[];
  };
  typing: { conversation_id: string; user: Person };
  "chat_access.changed": AccessChanged;
  "scheduled.updated": Scheduled;
  "reports.changed": { conversation_id: string };
  "queue.updated": { conversation_id: string | null };
  presence: { conversation_id: string; viewers: Person[]; typing: Person[] };
  "note.created": Note;
  "note.updated": Note;
  "note.deleted": Note;
  "blast.progress": BlastProgress;
  "waiting.updated": { conversation_id: string; unanswered_since: string | null; overdue: boolean };
  "notice.created": NoticeCreated;
  "notice.read": NoticeRead;
  "preferences.changed": object;
  "session.ended": { reason?: string };
}

export type LiveEvent = { [K in keyof LiveEvents]: { type: K; data: LiveEvents[K] } }[keyof LiveEvents];

/** The first thing that the server says. */
export interface Hello {
  type: "hello";
  user_id: string;
  server_time: string;
  /** Missing where it could not be counted. */
  notices_unread?: number;
}

/** What the browser says. Everything that must not be lost goes over HTTP instead. */
export type ClientFrame =
  | { type: "typing"; conversation_id: string }
  | { type: "viewing"; conversation_id: string | null; typing?: boolean };
