import type { Conversation, Member } from "../../api/types.ts";
import { count } from "../../lib/text.ts";

/** Staff see at once who cannot take part in this very conversation. */
export function isOff(m: Member, kind: string): boolean {
  if (!m.chat) return false;
  return kind === "community" ? !m.chat.community : !m.chat.direct;
}

/** How many people are in it; null where one is not told. */
export function memberCount(c: Conversation): number | null {
  return c.community ? c.community.member_count : c.members.length;
}

/** "12 members", or who it is for where one is not told how many they are. */
export function memberWords(c: Conversation): string {
  const n = memberCount(c);
  return n === null ? "Members are not shown" : count(n, "member");
}

/** What somebody is, under their name. */
export function memberWord(m: Member): string {
  if (m.kind === "client") return "Client";
  return m.title || (m.role ? m.role.charAt(0).toUpperCase() + m.role.slice(1) : "Care team");
}
