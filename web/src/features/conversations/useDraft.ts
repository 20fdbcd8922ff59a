import { useEffect } from "react";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import type { Conversation } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { patchConversation } from "../../live/context.ts";
import { createDrafts } from "./drafts.ts";

/** Browsers limit what a request that outlives its page may carry. */
const keepaliveLimit = 60_000;

export const drafts = createDrafts({
  save: async (id, body, leaving) => {
    await ask(
      api.PUT("/api/v1/conversations/{id}/draft", {
        params: { path: { id } },
        body: { body },
        keepalive: leaving && body.length * 3 < keepaliveLimit,
      }),
    );
  },
  saved: (id, body) => patchConversation(queryClient, id, (c) => ({ ...c, draft: body })),
});

/** The text being written in a conversation, here or on another device. */
export function useDraftText(conversation: Conversation): string {
  const local = useStore(drafts.unsaved, (all) => all[conversation.id]);
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
