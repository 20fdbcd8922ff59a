import { listed } from "./text.ts";

interface Named {
  user_id: string;
  name: string;
  kind: string;
}

interface Titled {
  kind: string;
  subject: string;
  members: readonly Named[];
}

/** Everyone in the conversation but oneself. */
export function others<M extends Named>(members: readonly M[], meId: string): M[] {
  return members.filter((m) => m.user_id !== meId);
}

/**
 * What a conversation is called by the person reading it: its subject; a direct
 * one by its client, or for the client by the staff in it.
 */
export function conversationTitle(c: Titled, meId: string): string {
  if (c.kind !== "direct" && c.subject !== "") return c.subject;
  const rest = others(c.members, meId);
  const clients = rest.filter((m) => m.kind === "client");
  const named = c.kind === "direct" && clients.length > 0 ? clients : rest;
  if (named.length === 0) return c.subject || "Only you";
  if (named.length <= 3) return listed(named.map((m) => m.name));
  return `${named
    .slice(0, 2)
    .map((m) => m.name)
    .join(", ")} and ${named.length - 2} others`;
}
