import type { Conversation } from "../../api/types.ts";
import { others } from "../../lib/people.ts";
import { callName, listed } from "../../lib/text.ts";

/** Characters a message may have, counted as the server counts them. */
export const longest = 20_000;

/** From here on the room that is left is shown. */
export const nearlyFull = 19_000;

/** Who will read it. */
export function placeholder(c: Conversation, title: string, meId: string): string {
  if (c.kind === "community") return `Message everyone in ${title}`;
  const rest = others(c.members, meId);
  const one = c.kind === "direct" ? rest.find((m) => m.kind === "client") : undefined;
  if (one) return `Message ${callName(one.name)}`;
  if (rest.length > 3 || (c.kind === "internal" && c.subject !== "")) return `Message ${title}`;
  return `Message ${listed(rest.map((m) => callName(m.name)))}`;
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
