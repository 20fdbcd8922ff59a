import { api, ask } from "../../api/client.ts";
import type { Message } from "../../api/types.ts";
import { keepMessage } from "../../live/connection.ts";

// The acts on one message. Each answers with the message as it is now, which is
// put wherever it shows; the live event that follows says the same again.

const one = "/api/v1/conversations/{id}/messages/{message_id}";

function place(m: Message) {
  return { path: { id: m.conversation_id, message_id: m.id } };
}

export async function editMessage(m: Message, body: string): Promise<void> {
  const now = await ask(api.PATCH(one, { params: place(m), body: { body } }));
  keepMessage(now);
}

export async function deleteMessage(m: Message): Promise<void> {
  await ask(api.DELETE(one, { params: place(m) }));
  const tombstone = { ...m, body: "", attachments: [], reactions: [], mentions: [], quoted: null };
  keepMessage({ ...tombstone, deleted_at: new Date().toISOString() });
}

/** Puts one's sign on a message or takes it off; shown at once and taken back should the server refuse. */
export async function react(m: Message, emoji: string, meId: string, on: boolean): Promise<void> {
  keepMessage({ ...m, reactions: withReaction(m.reactions ?? [], emoji, meId, on) });
  try {
    const params = { path: { ...place(m).path, emoji } };
    const path = `${one}/reactions/{emoji}` as const;
    keepMessage(await ask(on ? api.PUT(path, { params }) : api.DELETE(path, { params })));
  } catch (error) {
    keepMessage(m);
    throw error;
  }
}

type Reactions = Message["reactions"];

/** The signs on a message after one person put theirs on or took it off; the first first. */
export function withReaction(all: Reactions, emoji: string, user: string, on: boolean): Reactions {
  const there = all.find((r) => r.emoji === emoji);
  if (!there) return on ? [...all, { emoji, user_ids: [user] }] : all;
  const others = there.user_ids.filter((id) => id !== user);
  const users = on ? [...others, user] : others;
  return all.map((r) => (r === there ? { ...r, user_ids: users } : r)).filter((r) => r.user_ids.length > 0);
}

/** What stood there before; for those who may read the audit log, and recorded. */
export async function readVersions(m: Message) {
  return (await ask(api.GET(`${one}/versions`, { params: place(m) }))).items;
}
