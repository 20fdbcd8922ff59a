import { type Piece, readPieces } from "./pieces.ts";

/** What a line is made of. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "code"; text: string }
  | { type: "mention"; user: string; text: string }
  | { type: "strong"; kids: Inline[] }
  | { type: "em"; kids: Inline[] }
  | { type: "link"; href: string; kids: Inline[] };

/**
 * Reads bold, italic, code, links, addresses and mentions. Whatever does not
 * fit stays text. Takes time in proportion to the length.
 */
export function parseInline(text: string): Inline[] {
  return tree(readPieces(text));
}

interface Frame {
  kids: Inline[];
  piece: Piece | null;
}

/** Puts pieces into one another; bold in bold is just bold, and a link holds no link. */
function tree(pieces: readonly Piece[]): Inline[] {
  const top: Frame = { kids: [], piece: null };
  const stack: Frame[] = [top];
  for (const piece of pieces) {
    const frame = stack[stack.length - 1] ?? top;
    if (piece.role === "open") stack.push({ kids: [], piece });
    else if (piece.role === "close" && frame.piece) {
      stack.pop();
      const into = stack[stack.length - 1] ?? top;
      const within = stack.some((f) => f.piece && kindOf(f.piece) === kindOf(frame.piece as Piece));
      if (within) for (const kid of frame.kids) add(into.kids, kid);
      else into.kids.push(element(frame.piece, frame.kids));
    } else if (piece.done?.type === "link" && stack.some((f) => f.piece?.href)) {
      add(frame.kids, { type: "text", text: piece.text });
    } else add(frame.kids, piece.done ?? { type: "text", text: piece.text });
  }
  return top.kids;
}

function kindOf({ mark, href }: Piece): "link" | "strong" | "em" {
  if (href) return "link";
  return mark?.length === 2 ? "strong" : "em";
}

function element(piece: Piece, kids: Inline[]): Inline {
  if (piece.href) return { type: "link", href: piece.href, kids };
  return { type: piece.mark?.length === 2 ? "strong" : "em", kids };
}

/** Neighbouring text becomes one. */
function add(kids: Inline[], kid: Inline): void {
  const last = kids[kids.length - 1];
  if (kid.type === "text" && last?.type === "text") last.text += kid.text;
  else kids.push(kid.type === "text" ? { ...kid } : kid);
}
