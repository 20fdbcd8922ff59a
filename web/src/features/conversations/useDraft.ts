import { useEffect } from "react";
import { queryClient } from "../../api/cache.ts";
import { api, ApiError, ask } from "../../api/client.ts";
import type { Conversation } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { patchConversation } from "../../live/context.ts";
import { type DraftChange, createDrafts } from "./drafts.ts";

/** Browsers limit what a request that outlives its page may carry. */
const keepaliveLimit = 60_000;

export const drafts = createDrafts({
  async save(id, change, leaving) {
    try {
      await put(id, change, leaving);
    } catch (error) {
      if (!change.aside || !cannotGo(error)) throw error;
      // A file that is used by now, a message that is gone: the text is kept without them.
      await put(id, { ...change, aside: { replyTo: null, files: [] } }, leaving);
    }
  },
  saved: (id, change) => patchConversation(queryClient, id, (c) => ({ ...c, ...shown(change) })),
});

async function put(id: string, { text, aside }: DraftChange, leaving: boolean): Promise<void> {
  await ask(
    api.PUT("/api/v1/conversations/{id}/draft", {
      params: { path: { id } },
      body: {
        ...(text !== undefined && { body: text }),
        ...(aside && { reply_to: aside.replyTo, attachment_ids: aside.files.map((f) => f.id) }),
      },
      keepalive: leaving && (text ?? "").length * 3 < keepaliveLimit,
    }),
  );
}

function cannotGo(error: unknown): boolean {
  return error instanceof ApiError && error.fields.some((f) => /^(reply_to|attachment_ids)/.test(f.field));
}

/** What a conversation says of a draft that is stored. */
function shown({ text, aside }: DraftChange): Partial<Conversation> {
  return {
    ...(text !== undefined && { draft: text }),
    ...(aside && { draft_reply_to: aside.replyTo, draft_attachments: [...aside.files] }),
  };
}

/** The text being written in a conversation, here or on another device. */
export function useDraftText(conversation: Conversation): string {
  const local = useStore(drafts.unsaved, (all) => all[conversation.id]?.text);
  return local ?? conversation.draft ?? "";
}

/** Stores the draft when the conversation or the page is left. */
export function useDraftKeeper(conversationId: string): void {
  useEffect(() => {
    const leave = () => drafts.flush(true);
    const hide = () => {
      if (document.visibilityState === "hidden") drafts.flush(true);
    };
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
      drafts.flush();
    };
  }, [conversationId]);
}
