import type { Conversation } from "../../api/types.ts";

/** Further away than this a mute has no end that anyone waits for. */
const forever = 20 * 365 * 86_400_000;

export function mutedForGood(): string {
  return new Date(Date.now() + 5 * forever).toISOString();
}

export function isMuted(c: Conversation, now: Date = new Date()): boolean {
  return c.muted_until !== null && Date.parse(c.muted_until) > now.getTime();
}

/** "Muted", or "Muted until Nov 12, 8:00 AM". */
export function mutedWords(until: string, now: Date = new Date()): string {
  const at = new Date(until);
  if (at.getTime() - now.getTime() > forever) return "Muted";
  const day = at.toLocaleDateString("en-US", { weekday: "short", month: "short", day: "numeric" });
  const time = at.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" }).replace("\u202f", " ");
  return `Muted until ${day}, ${time}`;
}
