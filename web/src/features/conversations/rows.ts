import type { Attachment, Member, Message, Person } from "../../api/types.ts";
import { clock, dayKey, dayLabel } from "../../lib/time.ts";
import type { Unsent } from "../../live/outbox.ts";
import type { Insert } from "./slots/thread.ts";

/** One bubble, stored or not. */
export interface BubbleRow {
  type: "bubble";
  key: string;
  /** The message as the server has it; null while it is on its way. */
  message: Message | null;
  attachments: readonly Attachment[];
  seq: number | null;
  state: "sent" | "pending" | "failed";
  waiting: boolean;
  /** Why it failed; "" otherwise. */
  code: string;
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

export type Row =
  | { type: "day"; key: string; label: string }
  | { type: "new"; key: string }
  | { type: "event"; key: string; body: string; at: string }
  | { type: "insert"; key: string; insert: Insert }
  | BubbleRow;

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
  now: Date;
  zone?: string;
}

/** Bubbles of one author stay together for this long. */
const together = 5 * 60_000;
const quiet = 15 * 60_000;

/** Turns messages into what is shown, top to bottom. */
export function buildRows(view: ThreadView): Row[] {
  const rows: Row[] = [];
  const stored = new Set(view.messages.map((m) => m.id));
  let day = "";
  let previous: BubbleRow | null = null;
  const add = (at: string, seq: number | null, row: Row) => {
    const today = dayKey(new Date(at), view.zone);
    if (today !== day) {
      rows.push({ type: "day", key: `day-${today}`, label: dayLabel(at, view.now, view.zone) });
      day = today;
      previous = null;
    }
    if (seq !== null && seq === view.newFrom) {
      rows.push({ type: "new", key: "new" });
      previous = null;
    }
    if (row.type === "bubble") {
      join(previous, row);
      previous = row;
    } else previous = null;
    rows.push(row);
  };
  const inserts = insertsAmong(view);
  const addInsert = (insert: Insert | undefined) => {
    if (insert) add(insert.at, null, { type: "insert", key: insert.key, insert });
  };
  for (const m of view.messages) {
    while (inserts[0] && inserts[0].afterSeq < m.seq) addInsert(inserts.shift());
    if (m.kind === "system")
      add(m.created_at, m.seq, { type: "event", key: m.id, body: m.body, at: m.created_at });
    else add(m.created_at, m.seq, storedBubble(m, view));
  }
  while (inserts[0]) addInsert(inserts.shift());
  for (const u of view.unsent) if (!stored.has(u.id)) add(u.createdAt, null, unsentBubble(u, view));
  return rows;
}

/** What stands among the messages that are held, in order; what lies before them waits until they are there. */
function insertsAmong({ inserts = [], messages }: ThreadView): Insert[] {
  const first = messages[0]?.seq ?? 1;
  return inserts
    .filter((i) => i.afterSeq >= first - 1)
    .sort((a, b) => a.afterSeq - b.afterSeq || a.at.localeCompare(b.at));
}

/** Decides whether a bubble continues the run of the one before. */
function join(before: BubbleRow | null, row: BubbleRow): void {
  const gap = before ? Date.parse(row.at) - Date.parse(before.at) : Infinity;
  row.pause = gap > quiet;
  const same =
    before !== null &&
    gap <= together &&
    before.authorId === row.authorId &&
    before.onBehalfOf === row.onBehalfOf &&
    before.out === row.out &&
    before.automatic === row.automatic;
  if (!same) return;
  before.last = false;
  row.first = false;
}

const none = [] as const;

const plain = { first: true, last: true, pause: false };

function storedBubble(m: Message, { me, kind }: ThreadView): BubbleRow {
  const own = m.author.id === me.id;
  const staff = m.author.kind === "staff";
  return {
    ...plain,
    type: "bubble",
    key: m.id,
    message: m,
    attachments: m.attachments ?? [],
    seq: m.seq,
    state: "sent",
    waiting: false,
    code: "",
    // Toward a client the practice speaks from one side.
    out: own || (me.staff && staff && kind === "direct"),
    own,
    authorId: m.author.id ?? null,
    author: m.author.name,
    staff,
    onBehalfOf: m.on_behalf_of?.name ?? null,
    body: m.body,
    mentions: m.mentions ?? none,
    at: m.created_at,
    edited: Boolean(m.edited_at) && !m.deleted_at,
    deleted: Boolean(m.deleted_at),
    automatic: m.kind === "auto_reply",
  };
}

function unsentBubble(u: Unsent, { me, members = none }: ThreadView): BubbleRow {
  return {
    ...plain,
    type: "bubble",
    key: u.id,
    message: null,
    attachments: u.attachments,
    seq: null,
    state: u.state,
    waiting: u.waiting,
    code: u.code,
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

/** The words below a bubble of one's own, or null where nothing needs saying. */
export function receipt(row: BubbleRow, isLastOwn: boolean, readSeq: number, zone?: string): string | null {
  if (row.state === "pending") return row.waiting ? "Waiting to send" : "Sending";
  if (row.state === "failed" || !isLastOwn || row.seq === null) return null;
  return readSeq >= row.seq ? "Read" : `Sent ${clock(row.at, zone)}`;
}

/** The newest stored bubble of the reader's own, which carries the receipt. */
export function lastOwn(rows: readonly Row[]): BubbleRow | null {
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row?.type === "bubble" && row.own && row.seq !== null) return row;
  }
  return null;
}
