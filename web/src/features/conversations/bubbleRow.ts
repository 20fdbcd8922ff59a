import type { Attachment, Member, Message, Person, Quote } from "../../api/types.ts";
import type { Unsent } from "../../live/outbox.ts";
import type { Insert } from "./slots/thread.ts";

/** One bubble, stored or not. */
export interface BubbleRow {
  type: "bubble";
  key: string;
  /** The message as the server has it; null while it is on its way. */
  message: Message | null;
  attachments: readonly Attachment[];
  /** The message that it answers, as far as that is known here. */
  quote: QuoteView | null;
  seq: number | null;
  state: "sent" | "pending" | "failed";
  waiting: boolean;
  /** Why it failed, as a code and in words; "" otherwise. */
  code: string;
  detail: string;
  /** On the reader's side of the thread. */
  out: boolean;
  /** Written by the reader. */
  own: boolean;
  authorId: string | null;
  author: string;
  staff: boolean;
  onBehalfOf: string | null;
  body: string;
  /** Who is named in it, as the reader sees them. */
  mentions: readonly Person[];
  at: string;
  edited: boolean;
  deleted: boolean;
  automatic: boolean;
  /** First and last of a run by the same author. */
  first: boolean;
  last: boolean;
  /** A quiet while lies before it. */
  pause: boolean;
}

export interface ThreadView {
  messages: readonly Message[];
  unsent: readonly Unsent[];
  me: { id: string; name: string; staff: boolean };
  kind: string;
  members?: readonly Member[];
  /** The first message that was new when the thread was opened. */
  newFrom: number | null;
  /** What stands between the messages, in any order. */
  inserts?: readonly Insert[];
  /** Older messages exist: the first day began before what is held. */
  hasMore?: boolean;
  now: Date;
  zone?: string;
}

/** What a bubble shows of the message it answers; `id` alone where it must be asked for. */
export type QuoteView = Quote | { id: string };

type Quotes = (m: Message) => QuoteView | null;

/** Finds what messages answer: as the server says, or among what is held. */
export function quotesIn(messages: readonly Message[]): Quotes {
  let byId: Map<string, Message> | null = null;
  return (m) => {
    if (!m.reply_to) return null;
    if (m.quoted) return m.quoted;
    byId ??= new Map(messages.map((x) => [x.id, x]));
    const found = byId.get(m.reply_to);
    return found ? quoteOf(found) : { id: m.reply_to };
  };
}

function quoteOf(m: Message): Quote {
  const { id, seq, author, body } = m;
  return { id, seq, author, body, deleted: Boolean(m.deleted_at) };
}

const none = [] as const;

const plain = { first: true, last: true, pause: false };

export function storedBubble(m: Message, view: ThreadView, quotes: Quotes): BubbleRow {
  const { me, kind } = view;
  const own = m.author.id === me.id;
  const staff = m.author.kind === "staff";
  return {
    ...plain,
    type: "bubble",
    key: m.id,
    message: m,
    attachments: m.attachments,
    quote: m.deleted_at || !m.reply_to ? null : quotes(m),
    seq: m.seq,
    state: "sent",
    waiting: false,
    code: "",
    detail: "",
    // Toward a client the practice speaks from one side.
    out: own || (me.staff && (staff || m.kind === "auto_reply") && kind === "direct"),
    own,
    authorId: m.author.id ?? null,
    author: m.author.name,
    staff,
    onBehalfOf: m.on_behalf_of?.name ?? null,
    body: m.body,
    mentions: m.mentions,
    at: m.created_at,
    edited: Boolean(m.edited_at) && !m.deleted_at,
    deleted: Boolean(m.deleted_at),
    automatic: m.kind === "auto_reply",
  };
}

export function unsentBubble(u: Unsent, { me, members = none }: ThreadView): BubbleRow {
  return {
    ...plain,
    type: "bubble",
    key: u.id,
    message: null,
    attachments: u.attachments,
    quote: u.replyTo && quoteOf(u.replyTo),
    seq: null,
    state: u.state,
    waiting: u.waiting,
    code: u.code,
    detail: u.detail,
    out: true,
    own: true,
    authorId: me.id,
    author: me.name,
    staff: me.staff,
    onBehalfOf: null,
    body: u.body,
    mentions: members.map((m) => ({ id: m.user_id, name: m.name, kind: m.kind })),
    at: u.createdAt,
    edited: false,
    deleted: false,
    automatic: false,
  };
}
