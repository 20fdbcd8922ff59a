import { queryClient } from "../../../api/cache.ts";
import { api, ApiError, ask, explain } from "../../../api/client.ts";
import { keys } from "../../../api/keys.ts";
import { can, isClient } from "../../../api/session.ts";
import type { Conversation, Me, Staff } from "../../../api/types.ts";
import { keepConversation } from "../../../live/connection.ts";
import { say } from "../../../ui/toast.ts";

/** Whether one may say who looks after a conversation; the server decides in any case. */
export function mayAssign(c: Conversation, me: Me): boolean {
  if (isClient(me) || c.kind === "internal") return false;
  return can(me, "organization_inbox") || c.assignee?.id === me.user.id;
}

/** Those who can look after it: who is in it, and who may see every client conversation. */
export function candidates(c: Conversation, staff: readonly Staff[]): Staff[] {
  const members = new Set(c.members.map((m) => m.user_id));
  return staff.filter(
    (s) => s.active && (members.has(s.id) || (s.permissions ?? []).includes("organization_inbox")),
  );
}

/** Claims, hands over or gives back, unless somebody was faster: then it shows whose it is now. */
export async function assign(c: Conversation, to: string | null, me: Me): Promise<void> {
  try {
    const next = await ask(
      api.PUT("/api/v1/conversations/{id}/assignee", {
        params: { path: { id: c.id } },
        body: { user_id: to, was: c.assignee?.id ?? null },
      }),
    );
    keepConversation(next);
    say(doneWords(next, me));
  } catch (error) {
    const first = error instanceof ApiError && error.code === "version_conflict";
    if (first && error.current) keepConversation(error.current as Conversation);
    say(first ? `Somebody was faster. ${error.detail}` : `That didn’t work. ${explain(error)}`);
  }
  for (const queryKey of [keys.inboxes, keys.counts]) void queryClient.invalidateQueries({ queryKey });
}

function doneWords(c: Conversation, me: Me): string {
  if (!c.assignee) return "Back in the queue. Nobody looks after it now.";
  return c.assignee.id === me.user.id
    ? "You look after this conversation now."
    : `${c.assignee.name} looks after this conversation now.`;
}
