import type { Member } from "../../api/types.ts";

/** Staff see at once who cannot take part in this very conversation. */
export function isOff(m: Member, kind: string): boolean {
  if (!m.chat) return false;
  return kind === "community" ? !m.chat.community : !m.chat.direct;
}

/** What somebody is, under their name. */
export function memberWord(m: Member): string {
  if (m.kind === "client") return "Client";
  return m.title || (m.role ? m.role.charAt(0).toUpperCase() + m.role.slice(1) : "Care team");
}
