import { useMutation } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Conversation } from "../../api/types.ts";
import { uuidv7 } from "../../lib/ids.ts";
import { withRead } from "../../live/inbox.ts";
import { patchConversation } from "../../live/context.ts";

/** Marks everything up to seq as read; shown at once, asked again later should it fail. */
export async function markRead(id: string, seq: number): Promise<void> {
  patchConversation(queryClient, id, (c) => withRead(c, seq, 0));
  await ask(api.PUT("/api/v1/conversations/{id}/read", { params: { path: { id } }, body: { seq } }));
  await queryClient.invalidateQueries({ queryKey: keys.counts });
}

export async function markUnread(id: string): Promise<void> {
  patchConversation(queryClient, id, (c) => ({ ...c, marked_unread: true }));
  try {
    await ask(api.POST("/api/v1/conversations/{id}/unread", { params: { path: { id } } }));
  } finally {
    await Promise.all(
      [keys.counts, keys.inboxes].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  }
}

export interface NewConversation {
  kind: "direct" | "community" | "internal";
  memberIds: string[];
  subject: string;
  /** Of a community chat. */
  groupIds?: string[];
  keepInStep?: boolean;
  /** Who joins later reads what came before. */
  history?: boolean;
}

export type Opened = Conversation & { left_out: readonly { name: string }[] };

export function useCreateConversation() {
  return useMutation({
    mutationFn: ({ kind, memberIds, subject, groupIds = [], keepInStep, history }: NewConversation) =>
      ask(
        api.POST("/api/v1/conversations", {
          body: {
            // A direct one that exists already is answered with what is there, whatever id we ask for.
            ...(kind === "direct" ? {} : { id: uuidv7() }),
            kind,
            member_ids: memberIds,
            ...(subject.trim() !== "" && kind !== "direct" ? { subject: subject.trim() } : {}),
            ...(groupIds.length > 0 && { group_ids: groupIds }),
            ...(keepInStep && { keep_in_step: true }),
            ...(history && { history: "all" as const }),
          },
        }),
      ) as Promise<Opened>,
    onSuccess: (made) => {
      queryClient.setQueryData(keys.conversation(made.id), made);
      void queryClient.invalidateQueries({ queryKey: keys.inboxes });
    },
  });
}
