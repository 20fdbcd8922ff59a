import { explain } from "../../api/client.ts";
import { queryClient } from "../../api/cache.ts";
import { keys } from "../../api/keys.ts";
import type { Conversation, Me, Message } from "../../api/types.ts";
import { announce } from "../../live/status.ts";
import type { Thread } from "../../live/thread.ts";
import { say } from "../../ui/toast.ts";
import { compose } from "./composing.ts";
import { editMessage } from "./messageApi.ts";
import { fromTokens } from "./mentions.ts";

/** Whether this is a message of one's own that words can still be changed in, as far as is known here; the server decides. */
export function mayEdit(m: Message, c: Conversation, me: Me): boolean {
  return m.author.id === me.user.id && m.kind === "text" && !m.deleted_at && c.can_send;
}

export function edit(m: Message): void {
  const editText = fromTokens(m.body, m.mentions ?? []);
  compose(m.conversation_id, { editing: m, editText, replyTo: null });
}

/** Arrow up in an empty field: one's last message, if it is near the end. */
export function startEditing(c: Conversation, me: Me): void {
  const items = queryClient.getQueryData<Thread>(keys.thread(c.id))?.items ?? [];
  const own = items.slice(-20).findLast((m) => mayEdit(m, c, me));
  if (own) edit(own);
}

/** Stores an edit; on a refusal the words stay in the field. */
export async function saveEdit(conversation: string, m: Message, body: string): Promise<void> {
  const done = () => compose(conversation, { editing: null, editText: "" });
  if (body === m.body) return done();
  compose(conversation, { busy: true });
  try {
    await editMessage(m, body);
    done();
    announce("Message edited.");
  } catch (error) {
    say(`Not changed. ${explain(error)}`);
  } finally {
    compose(conversation, { busy: false });
  }
}
