import type { Person } from "../../api/types.ts";
import { clock, dayKey, dayLabel } from "../../lib/time.ts";
import { type BubbleRow, quotesIn, storedBubble, type ThreadView, unsentBubble } from "./bubbleRow.ts";
import type { Insert } from "./slots/thread.ts";

export type { BubbleRow, ThreadView };

/** A notice of the program, such as that somebody joined. */
export interface EventRow {
  type: "event";
  key: string;
  seq: number;
  body: string;
  mentions: readonly Person[];
  at: string;
}

export type Row =
  | { type: "day"; key: string; label: string }
  | { type: "new"; key: string }
  | EventRow
  | { type: "insert"; key: string; insert: Insert }
  | BubbleRow;

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
    if (today !== day && day === "" && view.hasMore) day = today;
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
  const quotes = quotesIn(view.messages);
  const addInsert = (insert: Insert | undefined) => {
    if (insert) add(insert.at, null, { type: "insert", key: insert.key, insert });
  };
  for (const m of view.messages) {
    while (inserts[0] && inserts[0].afterSeq < m.seq) addInsert(inserts.shift());
    const { id, seq, body, mentions, created_at: at } = m;
    if (m.kind === "system") add(at, seq, { type: "event", key: id, seq, body, mentions, at });
    else add(at, seq, storedBubble(m, view, quotes));
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

/** How far the others have read. */
export interface Receipts {
  kind: string;
  /** In direct conversations those on the other side, in internal ones everyone else; where they have read to. */
  readSeqs: readonly number[];
  /** Of a community: how many have read one's last message. */
  readBy: number | null;
}

/** The words below a bubble of one's own, or null where nothing needs saying. */
export function receipt(
  row: BubbleRow,
  isLastOwn: boolean,
  receipts: Receipts,
  zone?: string,
): string | null {
  if (row.state === "pending") return row.waiting ? "Waiting to send" : "Sending";
  if (row.state === "failed" || !isLastOwn || row.seq === null) return null;
  return readWords(row.seq, receipts) ?? `Sent ${clock(row.at, zone)}`;
}

function readWords(seq: number, { kind, readSeqs, readBy }: Receipts): string | null {
  if (kind === "community") return readBy ? `Read by ${readBy}` : null;
  const read = readSeqs.filter((s) => s >= seq).length;
  if (read === 0) return null;
  if (kind === "direct" || readSeqs.length === 1) return "Read";
  return read === readSeqs.length ? "Read by everyone" : `Read by ${read}`;
}

/** The day that is shown at a row: the divider before it, or the day of what stands there. */
export function dayAt(rows: readonly Row[], index: number, now: Date = new Date()): string {
  for (let i = index; i >= 0; i--) {
    const row = rows[i];
    if (row?.type === "day") return row.label;
    if (row && "at" in row) return dayLabel(row.at, now);
  }
  return "";
}

/** The newest stored bubble of the reader's own, which carries the receipt. */
export function lastOwn(rows: readonly Row[]): BubbleRow | null {
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row?.type === "bubble" && row.own && row.seq !== null) return row;
  }
  return null;
}
