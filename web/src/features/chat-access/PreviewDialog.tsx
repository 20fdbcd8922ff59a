import { useState } from "react";
import { queryClient } from "../../api/cache.ts";
import { accessKeys } from "../../api/access.ts";
import { ApiError } from "../../api/client.ts";
import { dayKey } from "../../lib/time.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Problem } from "../../ui/States.tsx";
import styles from "./Dialogs.module.css";
import { type Bulk, bulkWords } from "./bulk.ts";
import { useApply, usePreview } from "./bulkQueries.ts";
import { NewNumbers, Outcome, Waiting, WithOwn } from "./Outcome.tsx";
import { longestReason } from "./panel.ts";
import { endOfDay, isPast, untilHint } from "./until.ts";

interface PreviewProps {
  bulk: Bulk;
  /** Own settings are what is changed here: nobody is spared for having one. */
  always?: boolean;
  close(): void;
  /** Told after it was applied. */
  applied?: () => void;
}

/** Shows with counts and names what a change would do, before anything does. */
export function PreviewDialog({ bulk, always = false, close, applied }: PreviewProps) {
  const [own, setOwn] = useState(always);
  const [spared, setSpared] = useState(0);
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const terms = bulk.place === "own" && !always;
  const end = isPast(until) ? null : endOfDay(until);
  const preview = usePreview(bulk, own, terms ? end : null);
  const apply = useApply();
  const p = preview.data;
  const words = p && bulkWords(bulk, p);
  const stale = apply.error instanceof ApiError && apply.error.code === "version_conflict";
  const ready = p && p.changed > 0 && !preview.isFetching && !apply.isPending && !isPast(until);
  const confirm = () => {
    if (!ready || !words) return;
    apply.mutate(
      { token: p.token, reason: reason.trim(), done: words.done },
      {
        onSuccess: () => {
          close();
          applied?.();
        },
        // Something changed meanwhile: look again, nothing was done.
        onError: () => void queryClient.invalidateQueries({ queryKey: [...accessKeys.all, "preview"] }),
      },
    );
  };
  const title = bulkWords(bulk, p ?? { changed: 0, keeps_own: 0, unchanged: 0 }).title;
  return (
    <Dialog
      title={title}
      close={close}
      onSubmit={confirm}
      footer={
        <Confirm close={close} disabled={!ready}>
          {p && p.changed === 0 ? "Nothing to change" : (words?.confirm ?? "Looking…")}
        </Confirm>
      }
    >
      <p className="muted">Nothing has changed yet. This is what would happen.</p>
      {stale && <NewNumbers />}
      {p && words ? <Outcome preview={p} words={words} /> : <Waiting error={preview.error} />}
      {terms && p && (p.keeps_own > 0 || own) && (
        <WithOwn
          n={Math.max(p.keeps_own, spared)}
          checked={own}
          change={(checked) => {
            setSpared(Math.max(p.keeps_own, spared));
            setOwn(checked);
          }}
        />
      )}
      <div className={styles["two"]}>
        <TextField
          label="Reason (staff only)"
          maxLength={longestReason}
          autoComplete="off"
          value={reason}
          onChange={(e) => setReason(e.target.value)}
        />
        {terms && (
          <TextField
            label="Until"
            type="date"
            min={dayKey(new Date())}
            hint={untilHint(until) || "Without a day it holds until someone changes it."}
            error={isPast(until) ? "Choose a day that is not over." : undefined}
            value={until}
            onChange={(e) => setUntil(e.target.value)}
          />
        )}
      </div>
      {!stale && <Problem error={apply.error} />}
    </Dialog>
  );
}
