import type { Message } from "../../api/types.ts";
import { clock, dayKey, dayLabel } from "../../lib/time.ts";
import type { Unsent } from "../../live/outbox.ts";

/** One bubble, stored or not. */
export interface BubbleRow {
  type: "bubble";
  key: string;
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
  | BubbleRow;

export interface ThreadView {
  messages: readonly Message[];
  unsent: readonly Unsent[];
  me: { id: string; name: string; staff: boolean };
  kind: string;
  /** The first message that was new when the thread was opened. */
  newFrom: number | null;
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
  for (const m of view.messages) {
    if (m.kind === "system")
      add(m.created_at, m.seq, { type: "event", key: m.id, body: m.body, at: m.created_at });
    else add(m.created_at, m.seq, storedBubble(m, view));
  }
  for (const u of view.unsent) if (!stored.has(u.id)) add(u.createdAt, null, unsentBubble(u, view));
  return rows;
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

const plain = { first: true, last: true, pause: false };

function storedBubble(m: Message, { me, kind }: ThreadView): BubbleRow {
  const own = m.author.id === me.id;
  const staff = m.author.kind === "staff";
  return {
    ...plain,
    type: "bubble",
    key: m.id,
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
    at: m.created_at,
    edited: Boolean(m.edited_at) && !m.deleted_at,
    deleted: Boolean(m.deleted_at),
    automatic: m.kind === "auto_reply",
  };
}

function unsentBubble(u: Unsent, { me }: ThreadView): BubbleRow {
  return {
    ...plain,
    type: "bubble",
    key: u.id,
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
