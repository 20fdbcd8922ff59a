import { useEffect } from "react";
import { api, ask } from "../../api/client.ts";
import type { Conversation, Message } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { composing } from "./composing.ts";
import { keepAside } from "./draftAside.ts";
import { uploads } from "./files/files.ts";
import { held } from "./threadQueries.ts";
import { drafts } from "./useDraft.ts";

const keeper = keepAside({
  composing,
  changed: drafts.put,
  unsaved: (id) => drafts.unsaved.get()[id]?.aside !== undefined,
  message: async (id, messageId) => {
    const here = held(id)?.items.find((m) => m.id === messageId);
    const m =
      here ??
      (await ask(api.GET(one, { params: { path: { id, message_id: messageId } } })).catch(() => null));
    return m && !m.deleted_at ? (m as Message) : null;
  },
  show: (id, replyTo, files) => uploads.show(id, files, { beside: { replyTo } }),
});

const one = "/api/v1/conversations/{id}/messages/{message_id}";

/** Keeps what goes with the text as the server has it, and shows what another device put there. */
export function useDraftAside(c: Conversation): void {
  const unsaved = useStore(drafts.unsaved, (all) => all[c.id]?.aside !== undefined);
  const { id, draft_reply_to: replyTo, draft_attachments: files } = c;
  useEffect(() => {
    if (!unsaved) void keeper.heard(id, { replyTo, files });
  }, [id, replyTo, files, unsaved]);
}

/** Forgets what one person was writing before another one signs in. */
export function forgetWriting(): void {
  drafts.clear();
  keeper.clear();
  composing.set({});
}
