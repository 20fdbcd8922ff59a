import { lazy, Suspense, useEffect, useState } from "react";
import { drafts } from "../features/conversations/useDraft.ts";
import { useStore } from "../lib/store.ts";
import { count } from "../lib/text.ts";
import { updateReady } from "../lib/worker.ts";
import { outbox, tryNow } from "../live/connection.ts";
import { liveStatus } from "../live/status.ts";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Shell.module.css";

const UpdateBar = lazy(async () => ({ default: (await import("./UpdateBar.tsx")).UpdateBar }));

/** How long a new version keeps quiet after "Later". */
const later = 4 * 60 * 60_000;

/** What concerns the whole app, above whatever page one is on: no connection, a new version. */
export function OfflineBar() {
  const lost = useStore(liveStatus, (s) => s === "lost");
  const ready = useStore(updateReady, (r) => r);
  const [quiet, setQuiet] = useState(false);
  useEffect(() => {
    if (!quiet) return;
    const timer = setTimeout(() => setQuiet(false), later);
    return () => clearTimeout(timer);
  }, [quiet]);
  useDraftWarning(lost);
  return (
    <div role="status">
      {lost && <Offline />}
      {ready && !quiet && (
        <Suspense>
          <UpdateBar close={() => setQuiet(true)} />
        </Suspense>
      )}
    </div>
  );
}

function Offline() {
  const waiting = useStore(outbox.store, (all) => Object.values(all).flat().length);
  return (
    <div className={styles["netbar"]}>
      <Icon name="wifi-off" />
      <span>
        You’re offline. You can read what’s here, and new messages will wait in this window until you’re back.
        {waiting > 0 && <b> {waitingWords(waiting)}</b>}
      </span>
      <Button look="ghost" size="small" onClick={tryNow}>
        Try now
      </Button>
    </div>
  );
}

function waitingWords(n: number): string {
  return `${count(n, "message")} ${n === 1 ? "waits" : "wait"}. Keep this window open.`;
}

/** A draft that the server could not get yet is in this window only: closing it asks first. */
function useDraftWarning(lost: boolean): void {
  const unsaved = useStore(drafts.unsaved, (all) => Object.values(all).some((d) => d.text));
  const warn = lost && unsaved;
  useEffect(() => {
    if (!warn) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [warn]);
}
