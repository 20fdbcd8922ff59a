import { api, ask, explain } from "../../api/client.ts";
import type { Conversation } from "../../api/types.ts";
import { keepConversation } from "../../live/connection.ts";
import type { MenuEntry } from "../../ui/Menu.tsx";
import { say, sayUndo } from "../../ui/toast.ts";

/**
 * Says that what the client wrote needs no answer, up to what is here to be seen: what comes
 * in at the same moment waits all the same. It shows at once.
 */
export async function needsNoAnswer(c: Conversation): Promise<void> {
  if (c.unanswered_since === null) return;
  const params = { path: { id: c.id } };
  keepConversation({ ...c, unanswered_since: null, overdue: false });
  keepFocus();
  try {
    const now = await ask(
      api.POST("/api/v1/conversations/{id}/needs-no-answer", { params, body: { seq: c.last_seq } }),
    );
    keepConversation(now);
    if (now.unanswered_since === null) sayUndo("Needs no answer.", () => void undo(c.id));
    else say("The client has written again meanwhile and waits for an answer.");
  } catch (error) {
    keepConversation(c);
    say(`That didn’t work. ${explain(error)}`);
  }
}

async function undo(id: string): Promise<void> {
  try {
    keepConversation(
      await ask(api.POST("/api/v1/conversations/{id}/needs-answer", { params: { path: { id } } })),
    );
  } catch (error) {
    say(`That didn’t work. ${explain(error)}`);
  }
}

/** What opened the menu may be gone with the badge: then the conversation's title has the focus. */
function keepFocus(): void {
  setTimeout(() => {
    const on = document.activeElement;
    if (!on || on === document.body) document.getElementById("thread-title")?.focus();
  }, 300);
}

/** The line of a menu. */
export function needlessEntry(c: Conversation): MenuEntry {
  return {
    id: "needless",
    label: "Needs no answer",
    icon: "check",
    hint: "W",
    act: () => void needsNoAnswer(c),
  };
}
