import type { Conversation, Member, Person } from "../../api/types.ts";
import { mentionToken, splitMentions } from "../../lib/mention.ts";

// In the field people see "@" and a name; what is sent has tokens, because everyone
// who reads it sees the names that they may see.

/** Whether people can be named in this conversation. */
export function mentionable(c: Conversation): boolean {
  return c.kind !== "direct";
}

/** The "@" and what was typed after it, where the cursor stands in such a word; else null. */
export function mentionAt(text: string, cursor: number): { start: number; typed: string } | null {
  const start = text.lastIndexOf("@", cursor - 1);
  if (start < 0 || /[\p{L}\p{N}]/u.test(text.charAt(start - 1))) return null;
  const typed = text.slice(start + 1, cursor);
  // Names have spaces, but nobody types whole sentences to find one.
  if (typed.length > 30 || /[\n@<>]/.test(typed) || typed.startsWith(" ") || typed.split(" ").length > 3)
    return null;
  return { start, typed };
}

/** Whom the typed letters may mean: a word of the name begins with them. */
export function candidates(members: readonly Member[], meId: string, typed: string, most = 6): Member[] {
  const wanted = fold(typed);
  return members
    .filter((m) => m.user_id !== meId)
    .filter((m) => fold(m.name).startsWith(wanted) || fold(m.name).includes(` ${wanted}`))
    .slice(0, most);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The text as it is sent: each "@Name" of a member becomes a token. `picked` decides between namesakes. */
export function toTokens(
  text: string,
  members: readonly Member[],
  picked: Readonly<Record<string, string>> = {},
): string {
  if (!text.includes("@")) return text;
  const longestFirst = [...members].sort((a, b) => b.name.length - a.name.length);
  let out = "";
  for (let i = 0; i < text.length;) {
    const at = text.indexOf("@", i);
    if (at < 0) return out + text.slice(i);
    out += text.slice(i, at);
    const member = /[\p{L}\p{N}]/u.test(text.charAt(at - 1))
      ? undefined
      : longestFirst.find((m) => named(text, at + 1, m.name));
    out += member ? mentionToken(picked[member.name] ?? member.user_id) : "@";
    i = at + 1 + (member?.name.length ?? 0);
  }
  return out;
}

function named(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && !/[\p{L}\p{N}]/u.test(text.charAt(at + name.length));
}

/** A stored body as it stands in the field. */
export function fromTokens(body: string, mentions: readonly Person[]): string {
  return splitMentions(body)
    .map((part) => ("user" in part ? `@${nameOf(part.user, mentions)}` : part.text))
    .join("");
}

/** The name of somebody who is mentioned, as the reader may see it. */
export function nameOf(user: string, mentions: readonly Person[]): string {
  return mentions.find((p) => p.id === user)?.name ?? "someone";
}
