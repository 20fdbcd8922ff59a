import { lazy, Suspense, useEffect } from "react";
import { useMe } from "../api/session.ts";
import { Bell } from "../features/notifications/Bell.tsx";
import { dropNotices, noticeToasts } from "../features/notifications/toasts.ts";
import { phone, useMedia } from "../lib/hooks.ts";
import { useStore } from "../lib/store.ts";
import { subscriptionChanges } from "../lib/worker.ts";
import { type NoticeCreated, onNotices } from "../live/notices.ts";

// Where notifications and the rest of the app meet.

let heard: Promise<{ tell(created: NoticeCreated): Promise<void> }> | undefined;

/** One after the other, as they came; without the part that does it the bell has them all the same. */
function tellOf(created: NoticeCreated): void {
  heard ??= import("../features/notifications/heard.ts");
  heard.then(({ tell }) => tell(created)).catch(() => (heard = undefined));
}

const NoticeToasts = lazy(async () => ({
  default: (await import("../features/notifications/NoticeToasts.tsx")).NoticeToasts,
}));

/** The bell, on a desk in the rail and on a phone above the conversations. */
export function BellAt({ place }: { place: "rail" | "list" }) {
  const small = useMedia(phone);
  return small === (place === "list") ? <Bell sheet={small} /> : null;
}

/** What has just come, in sight for a moment. */
export function ComingNotices() {
  const any = useStore(noticeToasts, (all) => all.length > 0);
  return any ? (
    <Suspense>
      <NoticeToasts />
    </Suspense>
  ) : null;
}

/** Shows and sounds what comes while somebody is signed in; what was read elsewhere, or is opened, goes. */
export function useNoticeTelling(path: string): void {
  useEffect(() => {
    onNotices((told) => {
      if ("read" in told) dropNotices((n) => told.read.includes(n.id));
      else tellOf(told);
    });
    return () => {
      onNotices(() => undefined);
      noticeToasts.set([]);
    };
  }, []);
  const me = useMe().user.id;
  const changes = useStore(subscriptionChanges, (n) => n);
  useEffect(() => {
    if (changes === 0) return;
    import("../api/push.ts").then(({ pushChanged }) => pushChanged()).catch(() => undefined);
  }, [changes]);
  useEffect(() => {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    // Without a connection the next start does it.
    import("../api/push.ts").then(({ deviceHere }) => deviceHere()).catch(() => undefined);
  }, [me]);
  useEffect(() => dropNotices((n) => path === `/inbox/${n.conversation_id}`), [path]);
}
