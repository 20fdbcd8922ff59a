import { queryClient } from "../../api/cache.ts";
import { api, ask, explain } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Conversation } from "../../api/types.ts";
import { forgetConversation, keepConversation } from "../../live/connection.ts";
import { say, sayUndo } from "../../ui/toast.ts";
import { mutedWords } from "./muted.ts";

// One's own view of a conversation, and what closing it means for everyone. Each
// act shows at once; should the server refuse, what was there before comes back.

type View = Partial<Pick<Conversation, "archived" | "pinned" | "muted_until">>;

async function change(c: Conversation, view: View): Promise<boolean> {
  keepConversation({ ...c, ...view });
  try {
    keepConversation(
      await ask(api.PATCH("/api/v1/conversations/{id}", { params: { path: { id: c.id } }, body: view })),
    );
    void queryClient.invalidateQueries({ queryKey: keys.counts });
    return true;
  } catch (error) {
    keepConversation(c);
    say(`That didn’t work. ${explain(error)}`);
    return false;
  }
}

export async function archive(c: Conversation): Promise<void> {
  if (await change(c, { archived: true }))
    sayUndo("Conversation archived.", () => void change({ ...c, archived: true }, { archived: false }));
}

export async function unarchive(c: Conversation): Promise<void> {
  if (await change(c, { archived: false })) say("Back in your conversations.");
}

export async function pin(c: Conversation, pinned: boolean): Promise<void> {
  if (await change(c, { pinned })) say(pinned ? "Pinned to the top." : "No longer pinned.");
}

/** Mutes until a time; null ends it. */
export async function mute(c: Conversation, until: string | null): Promise<void> {
  if (await change(c, { muted_until: until }))
    say(until ? `${mutedWords(until)}.` : "You’ll be notified again.");
}

export async function close(c: Conversation, reason: string): Promise<void> {
  const body = reason.trim() === "" ? {} : { reason: reason.trim() };
  keepConversation(
    await ask(api.POST("/api/v1/conversations/{id}/close", { params: { path: { id: c.id } }, body })),
  );
  say("Closed for everyone. It can be reopened at any time.");
}

export async function reopen(c: Conversation): Promise<void> {
  try {
    keepConversation(
      await ask(api.POST("/api/v1/conversations/{id}/reopen", { params: { path: { id: c.id } } })),
    );
    say("Open again for everyone.");
  } catch (error) {
    say(`That didn’t work. ${explain(error)}`);
  }
}

export async function rename(c: Conversation, subject: string): Promise<void> {
  keepConversation(
    await ask(
      api.PATCH("/api/v1/conversations/{id}", {
        params: { path: { id: c.id } },
        body: { subject: subject.trim() },
      }),
    ),
  );
}

export async function addMember(c: Conversation, user_id: string): Promise<void> {
  const path = { id: c.id, user_id };
  keepConversation(await ask(api.PUT("/api/v1/conversations/{id}/members/{user_id}", { params: { path } })));
}

export async function removeMember(c: Conversation, user_id: string): Promise<void> {
  const path = { id: c.id, user_id };
  await ask(api.DELETE("/api/v1/conversations/{id}/members/{user_id}", { params: { path } }));
  void queryClient.invalidateQueries({ queryKey: keys.conversation(c.id) });
  void queryClient.invalidateQueries({ queryKey: keys.inboxes });
}

/** Leaves; `away` must take the reader elsewhere, because what is left can no longer be read. */
export async function leave(c: Conversation, meId: string, away: () => void): Promise<void> {
  const path = { id: c.id, user_id: meId };
  await ask(api.DELETE("/api/v1/conversations/{id}/members/{user_id}", { params: { path } }));
  away();
  forgetConversation(c.id);
}
