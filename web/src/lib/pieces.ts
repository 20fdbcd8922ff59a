import { addressAt, misleads, safeHref } from "./links.ts";
import { mentionIn } from "./mention.ts";

/** What is certain at once. */
export type Done =
  | { type: "code"; text: string }
  | { type: "mention"; user: string; text: string }
  | { type: "link"; href: string; kids: { type: "text"; text: string }[] };

type Mark = "*" | "_" | "**" | "__" | "[";

/** A piece of a line: a mark is text until what it opens is closed. */
export interface Piece {
  text: string;
  /** What stands here for good: code, a mention, an address. */
  done?: Done;
  mark?: Mark;
  role?: "open" | "close";
  href?: string;
}

// Marks open and close at the edges of words; scripts without spaces between words have no such edges.
const wordy = /(?![\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}])[\p{L}\p{N}]/u;
const escapable = /[\\*_`[\]]/;
const inAddress = /[\p{L}\p{N}._%+@/-]/u;

/**
 * Cuts a line into pieces and finds which marks belong together. Every mark is
 * put on the stack and taken off it at most once, so time grows with the length
 * alone.
 */
export function readPieces(text: string): Piece[] {
  return new Reader(text).read();
}

class Reader {
  private readonly out: Piece[] = [];
  /** Open marks as places in `out`, the newest last. */
  private readonly open: number[] = [];
  private readonly counts: Record<Mark, number> = { "*": 0, _: 0, "**": 0, __: 0, "[": 0 };
  private readonly code: Map<number, { inside: string; length: number }>;
  private i = 0;
  /** Where the text begins that is in no piece yet. */
  private plain = 0;

  constructor(private readonly text: string) {
    this.code = codeIn(text);
  }

  read(): Piece[] {
    const { text } = this;
    while (this.i < text.length) if (!this.step(text.charAt(this.i))) this.i++;
    this.flush();
    return this.out;
  }

  /** Takes what begins here; false when it is plain text. */
  private step(c: string): boolean {
    if (c === "\\") return this.escape();
    if (c === "`") return this.takeCode();
    if (c === "<") return this.takeMention();
    if (c === "*" || c === "_") return this.takeMarks(c);
    if (c === "[") return this.takeOpen("[");
    if (c === "]") return this.takeLabelEnd();
    return this.takeAddress(c);
  }

  private flush(): void {
    if (this.i > this.plain) this.out.push({ text: this.text.slice(this.plain, this.i) });
  }

  private take(length: number, piece: Omit<Piece, "text"> = {}): true {
    this.flush();
    this.out.push({ text: this.text.slice(this.i, this.i + length), ...piece });
    this.i += length;
    this.plain = this.i;
    return true;
  }

  private escape(): boolean {
    if (!escapable.test(this.text.charAt(this.i + 1))) return false;
    this.flush();
    this.plain = this.i + 1;
    this.i += 2;
    return true;
  }

  private takeCode(): boolean {
    const code = this.code.get(this.i);
    if (code) return this.take(code.length, { done: { type: "code", text: code.inside } });
    let end = this.i;
    while (this.text.charAt(end) === "`") end++;
    return this.take(end - this.i);
  }

  private takeMention(): boolean {
    const found = mentionIn(this.text, this.i);
    if (!found) return false;
    return this.take(found.token.length, {
      done: { type: "mention", user: found.user, text: found.token },
    });
  }

  private takeAddress(c: string): boolean {
    if (!wordy.test(c) || inAddress.test(this.text.charAt(this.i - 1))) return false;
    const found = addressAt(this.text, this.i);
    if (!found) return false;
    const { text, href } = found;
    return this.take(text.length, { done: { type: "link", href, kids: [{ type: "text", text }] } });
  }

  private takeOpen(mark: Mark): true {
    this.take(mark.length, { mark });
    this.open.push(this.out.length - 1);
    this.counts[mark]++;
    return true;
  }

  /** A run of * or _: one makes italic, two bold, three both; it opens before a word and closes after one. */
  private takeMarks(c: "*" | "_"): true {
    let end = this.i;
    while (this.text.charAt(end) === c) end++;
    const length = end - this.i;
    const before = this.text.charAt(this.i - 1);
    const after = this.text.charAt(end);
    const opens = after !== "" && !/\s/.test(after) && !wordy.test(before);
    const closes = before !== "" && !/\s/.test(before) && !wordy.test(after);
    // More than three in a row are a line, not a mark.
    if (length > 3) return this.take(length);
    const two: Mark = c === "*" ? "**" : "__";
    const marks: Mark[] = length === 3 ? [two, c] : length === 2 ? [two] : [c];
    if (closes && marks.some((m) => this.counts[m] > 0)) {
      for (const mark of marks.reverse()) this.takeClose(mark);
    } else
      for (const mark of marks)
        if (opens) this.takeOpen(mark);
        else this.take(mark.length);
    return true;
  }

  private takeClose(mark: Mark): void {
    const opener = this.counts[mark] > 0 ? this.pop(mark) : null;
    this.take(mark.length);
    if (opener !== null) this.pair(opener, mark);
  }

  /** Makes a pair of an opener and the newest piece. */
  private pair(opener: number, mark: Mark, href?: string): void {
    const last = this.out.length - 1;
    Object.assign(this.out[opener] as Piece, { role: "open", ...(href && { href }) });
    Object.assign(this.out[last] as Piece, { role: "close", mark });
  }

  /** Takes the newest opener of that kind off the stack, with everything above it. */
  private pop(mark: Mark): number {
    for (;;) {
      const at = this.open.pop() ?? 0;
      const found = this.out[at]?.mark ?? mark;
      this.counts[found]--;
      if (found === mark) return at;
    }
  }

  private takeLabelEnd(): true {
    if (this.counts["["] === 0) return this.take(1);
    const opener = this.pop("[");
    const link = linkEnd(this.text, this.i);
    const label = this.label(opener);
    if (!link || label.trim() === "" || misleads(label, link.href)) return this.take(1);
    this.take(link.length);
    this.pair(opener, "[", link.href);
    // No link holds another one.
    while (this.counts["["] > 0) this.pop("[");
    return true;
  }

  private label(opener: number): string {
    const rest = this.text.slice(this.plain, this.i);
    return this.out.slice(opener + 1).reduce((all, p) => all + p.text, "") + rest;
  }
}

/** The address after a label: "](address)", with its length. */
function linkEnd(text: string, at: number): { href: string; length: number } | null {
  if (text.charAt(at + 1) !== "(") return null;
  let depth = 1;
  const last = Math.min(text.length, at + 2_060);
  for (let i = at + 2; i < last; i++) {
    const c = text.charAt(i);
    if (c === " " || c === "\n") return null;
    depth += c === "(" ? 1 : c === ")" ? -1 : 0;
    if (depth > 0) continue;
    const href = safeHref(text.slice(at + 2, i));
    return href ? { href, length: i + 1 - at } : null;
  }
  return null;
}

/** Code by where it begins: up to the next run of backticks as long as the one that opens it. */
function codeIn(text: string): Map<number, { inside: string; length: number }> {
  const runs = [...text.matchAll(/`+/g)].map((m) => ({ at: m.index, length: m[0].length }));
  const next = new Map<number, number>();
  const found = new Map<number, { inside: string; length: number }>();
  for (const run of runs.reverse()) {
    const close = next.get(run.length);
    if (close !== undefined) {
      const from = run.at + run.length;
      found.set(run.at, { inside: text.slice(from, close), length: close + run.length - run.at });
    }
    next.set(run.length, run.at);
  }
  return found;
}
