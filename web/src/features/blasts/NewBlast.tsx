import { lazy, Suspense, useState } from "react";
import { useBlastPreview } from "../../api/blasts.ts";
import { asked } from "../../api/choice.ts";
import { dateTime } from "../../lib/time.ts";
import { navigate } from "../../lib/router.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout, Failed, ListSkeleton } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { BackToList } from "./BlastReport.tsx";
import styles from "./Blasts.module.css";
import compose from "./Compose.module.css";
import { ComposeForm } from "./ComposeForm.tsx";
import { emptyForm, type Form, isBlank } from "./form.ts";
import type { WritingParts } from "./parts.ts";
import { isStale, obstacle } from "./problems.ts";
import { TestButton } from "./TestButton.tsx";
import { useKeeper } from "./useKeeper.ts";
import { useSending } from "./useSending.ts";
import { useStart } from "./useStart.ts";
import { sendWord } from "./words.ts";

const ConfirmDialog = lazy(async () => ({ default: (await import("./ConfirmDialog.tsx")).ConfirmDialog }));

const place = "new-blast";

/** A blast that is being written; it is kept as it is typed. */
export function NewBlast({ parts }: { parts: WritingParts }) {
  const start = useStart();
  if (start.form) return <Writing start={start.form} kept={start.kept} stored={start.stored} parts={parts} />;
  if (start.error) return <Failed level={1} what="your draft" error={start.error} retry={start.retry} />;
  return <ListSkeleton label="Loading your draft" rows={4} />;
}

interface WritingProps {
  start: Form;
  kept: string | null;
  /** Whether the server has it as it is. */
  stored: boolean;
  parts: WritingParts;
}

function Writing({ start, kept, stored, parts }: WritingProps) {
  const [form, setForm] = useState(start);
  const [restored, setRestored] = useState(kept);
  const [confirming, setConfirming] = useState(false);
  const files = parts.useFiles(place);
  const attachments = [...form.attachments, ...files.attachments];
  const recipients = asked(form.choice);
  const preview = useBlastPreview(recipients, form.choice.picked.length > 0);
  const p = form.choice.picked.length > 0 ? preview.data : undefined;
  const keeper = useKeeper(form, attachments, stored);
  const sending = useSending(() => {
    parts.forget(place);
    void keeper.giveUp();
  });
  const why = obstacle({ form, preview: p, files: attachments.length, busy: files.busy });
  const ready = why === "" && !sending.pending && !preview.isPlaceholderData;
  const later = form.sendAt !== "";
  const send = () => p && sending.send(form, attachments, p);
  const press = () => {
    if (!ready || !p) return;
    if (p.reachable > p.confirm_above) setConfirming(true);
    else send();
  };
  const startOver = () => {
    void keeper.giveUp().then(() => say("Draft discarded."));
    parts.forget(place);
    navigate("/blasts");
  };
  return (
    <div className={styles["page"]}>
      <header className={styles["pageHead"]}>
        <div>
          <BackToList />
          <h1>{form.title.trim() || "New Message Blast"}</h1>
          <p>Each person gets this in a private thread. Nobody sees who else got it.</p>
        </div>
        <Tag>Draft</Tag>
      </header>
      <ComposeForm
        place={place}
        form={form}
        set={(patch) => setForm((f) => ({ ...f, ...patch }))}
        parts={parts}
        preview={preview}
        attachments={attachments}
        error={isStale(sending.error) ? null : sending.error}
        mayNow
        onSubmit={press}
        notice={
          restored && (
            <Callout tone="quiet" icon="history" live="status">
              This is your draft from {dateTime(restored)}.{" "}
              <button
                type="button"
                className="link"
                onClick={() => {
                  setForm(emptyForm);
                  setRestored(null);
                }}
              >
                Start empty
              </button>
            </Callout>
          )
        }
      >
        {isStale(sending.error) && (
          <Callout tone="amber" icon="circle-alert" live="alert">
            Who can get it changed a moment ago, and nothing was sent. These are the new numbers.
          </Callout>
        )}
        <div className={compose["buttons"]}>
          <Button type="submit" look="primary" disabled={!ready}>
            {p && p.reachable > 0 ? sendWord(p.reachable, later) : later ? "Schedule" : "Send"}
          </Button>
          <TestButton form={form} attachments={attachments} example={p?.example ?? null} />
          {!isBlank({ ...form, attachments }) && (
            <Button look="ghost" className={compose["last"]} onClick={startOver}>
              Discard draft
            </Button>
          )}
        </div>
        {why && (
          <p className={compose["note"]} role="status">
            {why}
          </p>
        )}
      </ComposeForm>
      {confirming && p && (
        <Suspense>
          <ConfirmDialog
            grace
            preview={p}
            sendAt={form.sendAt}
            close={() => setConfirming(false)}
            confirm={() => {
              setConfirming(false);
              send();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
