import { useState } from "react";
import { queryClient } from "../../../api/cache.ts";
import { ApiError } from "../../../api/client.ts";
import {
  type NotificationChange,
  notificationKeys,
  type NotificationPreview,
} from "../../../api/clientNotifications.ts";
import type { AccessFilter, Setting } from "../../../api/types.ts";
import { useRested } from "../../../lib/hooks.ts";
import { Bar } from "../../../ui/Bar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Confirm, Dialog } from "../../../ui/Dialog.tsx";
import { Callout, ListSkeleton, Problem } from "../../../ui/States.tsx";
import { Segmented } from "../../../ui/Switch.tsx";
import { namesOf } from "../bulk.ts";
import { OutcomeLine, OutcomeList } from "../Outcome.tsx";
import { isRunning, useApplyNotifications, useNotificationPreview } from "./bulkQueries.ts";
import { type Cell, nested, type Some } from "./cells.ts";
import { MatrixFields } from "./MatrixFields.tsx";
import { bulkWords, cellWords } from "./words.ts";

interface BulkDialogProps {
  clients: AccessFilter;
  /** Whom it is about, for the title; null where they are not counted yet. */
  about: string | null;
  close(): void;
  /** Told once it is through. */
  applied(): void;
}

const options = [
  { value: "", label: "Leave" },
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
  { value: "unset", label: "Not set" },
] as const;

/** Notifications of many clients: choose, see who would change, apply, and a way back. */
export function BulkDialog({ clients, about, close, applied }: BulkDialogProps) {
  const apply = useApplyNotifications();
  const [change, setChange] = useState<NotificationChange | null>(null);
  const title = `Notifications of ${about ?? "all that match"}`;
  const go = (token: string) => {
    let begun = false;
    const progress = (next: NotificationChange) => {
      if (!begun) applied();
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
  return <Choosing clients={clients} title={title} close={close} apply={apply} go={go} />;
}

interface ChoosingProps {
  clients: AccessFilter;
  title: string;
  close(): void;
  apply: { isPending: boolean; error: unknown };
  go(token: string): void;
}

function Choosing({ clients, title, close, apply, go }: ChoosingProps) {
  const [chosen, setChosen] = useState<Some<Setting>>({});
  const rested = useRested(chosen, 250);
  const some = Object.values(chosen).some(Boolean);
  const preview = useNotificationPreview(clients, nested(rested));
  const p = some && rested === chosen && !preview.isFetching ? preview.data : undefined;
  const stale = apply.error instanceof ApiError && apply.error.code === "version_conflict";
  const words = p && bulkWords(p.changed, p.unchanged);
  const ready = p && p.changed > 0 && !apply.isPending;
  const choose = (cell: Cell, value: Setting | "") => setChosen({ ...chosen, [cell]: value || undefined });
  const verb = !some ? "Choose what to change" : p?.changed === 0 ? "Nothing to change" : "Looking…";
  return (
    <Dialog
      title={title}
      close={close}
      onSubmit={() => ready && go(p.token)}
      footer={
        <Confirm close={close} disabled={!ready}>
          {p && p.changed > 0 ? words?.confirm : verb}
        </Confirm>
      }
    >
      <p className="muted">
        What is chosen becomes each client’s own setting. “Not set” removes their own, so that the group or
        the default counts. Who may chat is not changed.
      </p>
      <MatrixFields
        control={(cell) => (
          <Segmented
            label={cellWords(cell)}
            value={chosen[cell] ?? ""}
            options={options}
            onChange={(value) => choose(cell, value)}
          />
        )}
      />
      {stale && (
        <Callout tone="amber" icon="circle-alert" live="alert">
          Somebody changed these clients meanwhile. These are the new numbers.
        </Callout>
      )}
      {some && (p ? <Outcome preview={p} /> : <Waiting error={preview.error} />)}
      {!stale && <Problem error={apply.error} />}
    </Dialog>
  );
}

function Waiting({ error }: { error: unknown }) {
  return error ? <Problem error={error} /> : <ListSkeleton rows={2} label="Looking who would change" />;
}

function Outcome({ preview: p }: { preview: NotificationPreview }) {
  const words = bulkWords(p.changed, p.unchanged);
  return (
    <div role="status">
      <p className="muted">Nothing has changed yet. This is what would happen.</p>
      <OutcomeList>
        <OutcomeLine n={p.changed} what={words.changed}>
          {namesOf(
            p.sample.map((s) => s.name),
            p.changed,
          )}
        </OutcomeLine>
        {p.unchanged > 0 && (
          <OutcomeLine n={p.unchanged} what={words.unchanged}>
            Nothing changes for them.
          </OutcomeLine>
        )}
      </OutcomeList>
    </div>
  );
}

interface RunningProps {
  change: NotificationChange;
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
