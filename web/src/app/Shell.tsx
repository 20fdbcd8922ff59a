import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client.ts";
import { keys } from "../api/keys.ts";
import { isClient, useMe } from "../api/session.ts";
import { useKeys } from "../lib/hooks.ts";
import { usePath } from "../lib/router.tsx";
import { useStore } from "../lib/store.ts";
import { outbox } from "../live/connection.ts";
import { announcement } from "../live/status.ts";
import { ToastRegion } from "../ui/Toast.tsx";
import { useCountMarks } from "./marks.ts";
import { ComingNotices, useNoticeTelling } from "./notices.tsx";
import { OfflineBar } from "./OfflineBar.tsx";
import { Rail } from "./Rail.tsx";
import { route } from "./routes.tsx";
import styles from "./Shell.module.css";
import { useLive } from "./useLive.ts";

const ShortcutsDialog = lazy(async () => ({
  default: (await import("./ShortcutsDialog.tsx")).ShortcutsDialog,
}));

/** Everything around the pages for someone who is signed in. */
export function Shell() {
  const me = useMe();
  const path = usePath();
  const [shortcuts, setShortcuts] = useState(false);
  const unread = useUnread();
  const said = useStore(announcement, (text) => text);
  const { title, content } = route(path, me);
  useLive();
  useCountMarks(isClient(me) && title === "Inbox" ? "Chat" : title, unread);
  useNoticeTelling(path);
  useFocusOnPage(path);
  useLeaveWarning();
  useKeys({ "?": () => setShortcuts(true) });
  return (
    <>
      <div className={styles["app"]}>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <Rail path={path} unread={unread} openShortcuts={() => setShortcuts(true)} />
        <div className={styles["main"]}>
          <OfflineBar />
          <Suspense fallback={<main id="main" className={styles["waiting"]} aria-busy="true" />}>
            {content}
          </Suspense>
        </div>
      </div>
      {shortcuts && (
        <Suspense>
          <ShortcutsDialog close={() => setShortcuts(false)} />
        </Suspense>
      )}
      <ToastRegion>
        <ComingNotices />
      </ToastRegion>
      <div className="sr" aria-live="polite">
        {said}
      </div>
    </>
  );
}

function useUnread(): number {
  const { data } = useQuery({
    queryKey: keys.counts,
    queryFn: () => ask(api.GET("/api/v1/conversations/counts")),
  });
  return data?.unread_conversations ?? 0;
}

/** A new page takes the focus, so that screen readers and the keyboard start at its top. */
function useFocusOnPage(path: string): void {
  const page = path.split("/")[1];
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [page]);
}

/** Unsent messages live in this window only: closing it asks first. */
function useLeaveWarning(): void {
  const waiting = useStore(outbox.store, (all) => Object.values(all).some((list) => list.length > 0));
  useEffect(() => {
    if (!waiting) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [waiting]);
}
