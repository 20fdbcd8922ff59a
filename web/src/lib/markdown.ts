import { type Inline, parseInline } from "./inline.ts";

export type { Inline };

/** What a message is made of, top to bottom. */
export type Block =
  | { type: "text"; kids: Inline[] }
  | { type: "code"; text: string }
  /** Each item of a numbered list keeps the number that was written; null in the others. */
  | { type: "list"; items: { value: number | null; kids: Inline[] }[] };

const bullet = /^ {0,3}[-*•] +(?=\S)/;
const number = /^ {0,3}(0|[1-9]\d{0,5})[.)] +(?=\S)/;
const fence = /^ {0,3}```[\w+-]{0,20} *$/;

/**
 * Reads light Markdown: bold, italic, lists, links and code. There is no HTML
 * and there are no pictures; whatever is not understood is shown as it was
 * written. Takes time in proportion to the length, whatever the text.
 */
export function parseMarkdown(body: string): Block[] {
  const lines = body.split(/\r\n?|\n/);
  const blocks: Block[] = [];
  const lastFence = lines.findLastIndex((line) => fence.test(line));
  let text: string[] = [];
  const flush = () => {
    // Lines without words around a list or code are its margin.
    const words = trimLines(text);
    if (words.length > 0) blocks.push({ type: "text", kids: parseInline(words.join("\n")) });
    text = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (fence.test(line) && i < lastFence) {
      let end = i + 1;
      while (!fence.test(lines[end] ?? "")) end++;
      flush();
      blocks.push({ type: "code", text: lines.slice(i + 1, end).join("\n") });
      i = end;
    } else if (bullet.test(line) || number.test(line)) {
      flush();
      i = readList(lines, i, blocks) - 1;
    } else text.push(line);
  }
  flush();
  return blocks;
}

/** Reads a list that begins at a line; gives the line after it. */
function readList(lines: readonly string[], from: number, blocks: Block[]): number {
  const mark = number.test(lines[from] ?? "") ? number : bullet;
  const items: { value: number | null; kids: Inline[] }[] = [];
  let i = from;
  for (let found = mark.exec(lines[i] ?? ""); found; found = mark.exec(lines[++i] ?? "")) {
    const value = found[1] === undefined ? null : Number(found[1]);
    items.push({ value, kids: parseInline((lines[i] ?? "").slice(found[0].length)) });
  }
  blocks.push({ type: "list", items });
  return i;
}

function trimLines(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line.trim() !== "");
  return from < 0 ? [] : lines.slice(from, lines.findLastIndex((line) => line.trim() !== "") + 1);
}

/** The words alone, for lists, titles and ears; `name` tells who a mention is. */
export function plainText(body: string, name: (user: string) => string): string {
  const line = (kids: readonly Inline[]): string =>
    kids
      .map((kid) => {
        if (kid.type === "mention") return `@${name(kid.user)}`;
        return "kids" in kid ? line(kid.kids) : kid.text;
      })
      .join("");
  return parseMarkdown(body)
    .map((block) => {
      if (block.type === "code") return block.text;
      if (block.type === "text") return line(block.kids);
      return block.items
        .map(({ value, kids }) => `${value === null ? "•" : `${value}.`} ${line(kids)}`)
        .join("\n");
    })
    .join("\n");
}

const pictures = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\uFE0F?\u20E3)/u;

/** Whether a message is one to three emoji and nothing else: those are shown large. */
export function isEmojiOnly(body: string): boolean {
  const bare = body.trim();
  if (bare === "" || bare.length > 80) return false;
  const signs = [...new Intl.Segmenter().segment(bare)].map((s) => s.segment).filter((s) => s.trim() !== "");
  return signs.length <= 3 && signs.every((sign) => pictures.test(sign));
}
