import { useEffect } from "react";
import { useMe } from "../api/session.ts";
import { plainBody } from "../features/conversations/plain.ts";
import { forgetWriting } from "../features/conversations/useDraftAside.ts";
import { forgetShared } from "../lib/shared.ts";
import { onHeard, outbox, startLive } from "../live/connection.ts";
import { announce } from "../live/status.ts";

/** Who was signed in in this window before. */
let last = "";

/** Keeps the live connection while someone is signed in, and tells screen readers of what comes. */
export function useLive(): void {
  const { id } = useMe().user;
  useEffect(() => {
    // What one person left unsent must never go out as another.
    if (last !== "" && last !== id) {
      outbox.clear();
      forgetWriting();
      forgetShared();
    }
    last = id;
    onHeard((message) => {
      if (message.kind === "system") return;
      const here = window.location.pathname === `/inbox/${message.conversation_id}`;
      announce(
        here
          ? `${message.author.name}: ${plainBody(message).slice(0, 500)}`
          : `New message from ${message.author.name}`,
      );
    });
    return startLive(id);
  }, [id]);
}
