import { useEffect } from "react";
import { useAttentive } from "../../../lib/hooks.ts";
import { useStore } from "../../../lib/store.ts";
import { sayViewing } from "../../../live/connection.ts";
import { liveStatus } from "../../../live/status.ts";
import { forgetPresence } from "../../../live/team.ts";

/** The server forgets who has not said for 75 seconds that they still look. */
const sayAgain = 25_000;

/** Tells colleagues that one looks at a conversation, as long as somebody is in front of it. */
export function useViewing(conversation: string, enabled: boolean): void {
  const attentive = useAttentive();
  const live = useStore(liveStatus, (s) => s);
  const looks = enabled && attentive && live === "open";
  useEffect(() => {
    if (!looks) return;
    sayViewing(conversation);
    const timer = setInterval(() => sayViewing(conversation), sayAgain);
    return () => {
      clearInterval(timer);
      sayViewing(null);
      forgetPresence(conversation);
    };
  }, [conversation, looks]);
}
