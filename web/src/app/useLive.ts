import { useEffect } from "react";
import { useMe } from "../api/session.ts";
import { onHeard, startLive } from "../live/connection.ts";
import { announce } from "../live/status.ts";

/** Keeps the live connection while someone is signed in, and tells screen readers of what comes. */
export function useLive(): void {
  const { id } = useMe().user;
  useEffect(() => {
    onHeard((message) => {
      if (message.kind === "system") return;
      const here = window.location.pathname === `/inbox/${message.conversation_id}`;
      announce(here ? `${message.author.name}: ${message.body}` : `New message from ${message.author.name}`);
    });
    return startLive(id);
  }, [id]);
}
