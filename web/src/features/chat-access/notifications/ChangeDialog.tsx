import { type ReactNode, useState } from "react";
import { queryClient } from "../../../api/cache.ts";
import { ApiError } from "../../../api/client.ts";
import {
  notificationKeys,
  type NotificationsChange,
  type NotificationsChangeRequest,
  type NotificationsPreview,
  type Part,
} from "../../../api/clientNotifications.ts";
import type { AccessFilter, Setting } from "../../../api/types.ts";
import { useRested } from "../../../lib/hooks.ts";
import { Bar } from "../../../ui/Bar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Confirm, Dialog } from "../../../ui/Dialog.tsx";
import { Problem } from "../../../ui/States.tsx";
import { NewNumbers, Outcome, Waiting, WithOwn } from "../Outcome.tsx";
import { isRunning, useApplyNotifications, useNotificationPreview } from "./bulkQueries.ts";
import { named } from "./cells.ts";
import styles from "./Notifications.module.css";
import { bulkWords } from "./words.ts";

export interface ChangeProps {
  title: string;
  clients: AccessFilter;
  place: "own" | "default";
  set: Part<Setting>;
  close(): void;
  /** Told once it has begun. */
  applied?: (() => void) | undefined;
  /** What is to be read and chosen before the numbers. */
  children?: ReactNode;
}

/** A change of many clients’ notifications: who would change, apply with its progress, and a way back. */
export function ChangeDialog(props: ChangeProps) {
  const { title, close, applied } = props;
  const apply = useApplyNotifications();
  const [change, setChange] = useState<NotificationsChange | null>(null);
  const go = (token: string) => {
    let begun = false;
    const progress = (next: NotificationsChange) => {
      if (!begun) applied?.();
      begun = true;
      if (isRunning(next)) setChange(next);
    };
    apply.mutate(
      { token, progress },
      {
        onSuccess: close,
        // Something changed meanwhile: look again, nothing was done.
        onError: () => void queryClient.invalidateQueries({ queryKey: notificationKeys.previews }),
      },
    );
  };
  if (change) return <Running change={change} error={apply.error} title={title} close={close} />;
  return <Preview {...props} apply={apply} go={go} />;
}

/** What is asked for has rested a moment before the server is asked about it. */
function useAsked({ clients, place, set }: ChangeProps, includeOwn: boolean) {
  const request: NotificationsChangeRequest = {
    clients,
    place,
    set,
    ...(includeOwn && { include_own: true }),
  };
  const now = JSON.stringify(request);
  const rested = useRested(now, 250);
  const preview = useNotificationPreview(JSON.parse(rested) as NotificationsChangeRequest);
  return { ...preview, data: rested === now && !preview.isFetching ? preview.data : undefined };
}

interface PreviewProps extends ChangeProps {
  apply: { isPending: boolean; error: unknown };
  go(token: string): void;
}

function Preview(props: PreviewProps) {
  const { title, place, set, close, apply, go, children } = props;
  const [own, setOwn] = useState(false);
  const [spared, setSpared] = useState(0);
  const some = named(set).length > 0;
  // Whoever only clears own settings means those who have one.
  const clears = some && named(set).every(([, value]) => value === "unset");
  const { data, error } = useAsked(props, place === "own" && (own || clears));
  const p = some ? data : undefined;
  const keeps = Math.max(p?.keeps_own ?? 0, spared);
  const stale = apply.error instanceof ApiError && apply.error.code === "version_conflict";
  const ready = p && p.changed > 0 && !apply.isPending;
  return (
    <Dialog
      title={title}
      close={close}
      onSubmit={() => ready && go(p.token)}
      footer={
        <Confirm close={close} disabled={!ready}>
          {confirmWords(place, some, p)}
        </Confirm>
      }
    >
      {children}
      {stale && <NewNumbers />}
      {some && !p && <Waiting error={error} />}
      {p && (
        <div role="status" className={styles["outcome"]}>
          <p className="muted">Nothing has changed yet. This is what would happen.</p>
          <Outcome preview={p} words={bulkWords(place, p)} />
        </div>
      )}
      {some && place === "own" && !clears && (keeps > 0 || own) && (
        <WithOwn
          n={keeps}
          checked={own}
          change={(checked) => {
            setSpared(keeps);
            setOwn(checked);
          }}
        />
      )}
      {!stale && <Problem error={apply.error} />}
    </Dialog>
  );
}

function confirmWords(
  place: ChangeProps["place"],
  some: boolean,
  p: NotificationsPreview | undefined,
): string {
  if (!some) return "Choose what to change";
  if (!p) return "Looking…";
  return p.changed === 0 ? "Nothing to change" : bulkWords(place, p).confirm;
}

interface RunningProps {
  change: NotificationsChange;
  error: unknown;
  title: string;
  close(): void;
}

/** The change goes on by itself; whoever stays sees how far it is. */
function Running({ change: { done, total }, error, title, close }: RunningProps) {
  return (
    <Dialog title={title} close={close} footer={<Button onClick={close}>Close</Button>}>
      <p role="status">
        {done.toLocaleString("en-US")} of {total.toLocaleString("en-US")} done.
      </p>
      <Bar done={done} of={total} label="Clients changed" />
      <p className="muted">You can close this: it goes on by itself, and stands under Changes.</p>
      <Problem error={error} />
    </Dialog>
  );
}
