import { useEffect } from "react";
import { useMedia } from "../lib/hooks.ts";

interface Badged {
  setAppBadge?(count: number): Promise<void>;
  clearAppBadge?(): Promise<void>;
}

/** How much is unread, where it can be seen from outside: the title, the tab's icon, the app's icon. */
export function useCountMarks(title: string, unread: number): void {
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${title} – Hearth`;
  }, [title, unread]);
  const dark = useMedia("(prefers-color-scheme: dark)");
  useEffect(() => {
    markApp(unread);
    void icon(unread);
  }, [unread, dark]);
  useEffect(
    () => () => {
      markApp(0);
      void icon(0);
    },
    [],
  );
}

let drawn = false;

async function icon(unread: number): Promise<void> {
  if (unread === 0 && !drawn) return;
  drawn = true;
  const { markIcon } = await import("../lib/favicon.ts");
  await markIcon(unread);
}

function markApp(unread: number): void {
  const app: Badged = navigator;
  const done = unread > 0 ? app.setAppBadge?.(unread) : app.clearAppBadge?.();
  // Where the app is not installed there is nothing to mark.
  done?.catch(() => undefined);
}
