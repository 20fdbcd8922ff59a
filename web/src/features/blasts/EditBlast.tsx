import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useBlastPreview } from "../../api/blasts.ts";
import type { Blast } from "../../api/types.ts";
import { queryClient } from "../../api/cache.ts";
import { asked } from "../../api/choice.ts";
import { conflictState } from "../../api/client.ts";
import { useGroups, useStaff } from "../../api/directory.ts";
import { keys } from "../../api/keys.ts";
import { useMe } from "../../api/session.ts";
import { useEdits } from "../../lib/edits.ts";
import { guardLeaving } from "../../lib/router.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout, Failed, ListSkeleton } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { BackToList } from "./BlastReport.tsx";
import styles from "./Blasts.module.css";
import compose from "./Compose.module.css";
import { changes } from "./changes.ts";
import { ComposeForm } from "./ComposeForm.tsx";
import { type Form, formOf } from "./form.ts";
import type { WritingParts } from "./parts.ts";
import { obstacle } from "./problems.ts";
import { changeBlast, keepBlast } from "./queries.ts";
import { TestButton } from "./TestButton.tsx";
import { momentWords, sendWord } from "./words.ts";

const ConfirmDialog = lazy(async () => ({ default: (await import("./ConfirmDialog.tsx")).ConfirmDialog }));
const CancelDialog = lazy(async () => ({ default: (await import("./CancelDialog.tsx")).CancelDialog }));

interface EditProps {
  blast: Blast;
  parts: WritingParts;
}

/** A blast that waits for its time: everything about it can be changed until then. */
export function EditBlast({ blast: b, parts }: EditProps) {
  const groups = useGroups();
  const staff = useStaff();
  const known = groups.data && staff.data && { groups: groups.data, staff: staff.data };
  const form = useQuery({
    queryKey: [...keys.blasts, "form", b.id, b.version],
    queryFn: () => formOf(b, known ?? { groups: [], staff: [] }),
    enabled: known !== undefined,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  if (form.data) return <Editor blast={b} latest={form.data} parts={parts} />;
  const error = groups.error ?? staff.error ?? form.error;
  if (error) return <Failed level={1} what="this blast" error={error} retry={() => void form.refetch()} />;
  return <ListSkeleton label="Loading the blast" rows={4} />;
}

function Editor({ blast: b, latest, parts }: EditProps & { latest: Form }) {
  const zone = useMe().organization.time_zone;
  const [cancelling, setCancelling] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const edits = useEdits(latest);
  const form = edits.now;
  const files = parts.useFiles(b.id);
  const attachments = [...form.attachments, ...files.attachments];
  const preview = useBlastPreview(asked(form.choice), form.choice.picked.length > 0);
  const p = form.choice.picked.length > 0 ? preview.data : undefined;
  const dirty = edits.changes > 0 || files.attachments.length > 0;
  useEffect(() => (dirty ? guardLeaving() : undefined), [dirty]);
  const saving = useSaving(b, (saved) => {
    edits.reset(saved);
    parts.forget(b.id);
    say(saved.sendAt ? `Saved. It goes out ${momentWords(saved.sendAt, zone)}.` : "It is going out.");
  });
  const why = obstacle({ form, preview: p, files: attachments.length, busy: files.busy });
  const ready = dirty && why === "" && !saving.pending;
  const now = form.sendAt === "";
  const touched = files.attachments.length > 0 || edits.edits.attachments !== undefined;
  const save = () => saving.save(edits.base.version, edits.edits, touched ? attachments : null);
  const press = () => {
    if (!ready) return;
    if (now) setConfirming(true);
    else save();
  };
  return (
    <div className={styles["page"]}>
      <header className={styles["pageHead"]}>
        <div>
          <BackToList />
          <h1>{b.title}</h1>
          <p>Each person gets this in a private thread. Nobody sees who else got it.</p>
        </div>
        <Tag tone="info" icon="calendar-clock">
          Scheduled
        </Tag>
      </header>
      <ComposeForm
        place={b.id}
        form={form}
        set={edits.set}
        parts={parts}
        preview={preview}
        attachments={attachments}
        error={conflictState(saving.error) ? null : saving.error}
        mayNow
        onSubmit={press}
        notice={
          edits.overtaken && (
            <Callout tone="amber" icon="circle-alert" live="alert">
              <b>Someone changed this a moment ago.</b> Review that change before you save. What you changed
              yourself is still here.
            </Callout>
          )
        }
      >
        <div className={compose["buttons"]}>
          <Button type="submit" look="primary" disabled={!ready}>
            {now && p ? sendWord(p.reachable, false) : "Save schedule"}
          </Button>
          <TestButton form={form} attachments={attachments} example={p?.example ?? null} />
          {b.may.cancel && (
            <Button look="ghost" className={compose["last"]} onClick={() => setCancelling(true)}>
              Cancel blast
            </Button>
          )}
        </div>
        <p className={compose["note"]} role="status">
          {dirty ? why || "Not saved yet." : "No changes."}
        </p>
      </ComposeForm>
      <Suspense>
        {cancelling && <CancelDialog blast={b} close={() => setCancelling(false)} />}
        {confirming && p && (
          <ConfirmDialog
            preview={p}
            sendAt=""
            close={() => setConfirming(false)}
            confirm={() => {
              setConfirming(false);
              save();
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Null where they are as they were. */
type Files = readonly { id: string }[] | null;

/** Saves what was changed on the version it was changed on. */
function useSaving(b: Blast, saved: (form: Form) => void) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const groups = useGroups().data ?? [];
  const staff = useStaff().data ?? [];
  const save = async (version: number, edits: Partial<Form>, attachments: Files) => {
    setPending(true);
    setError(null);
    try {
      const now = await changeBlast(b.id, version, changes(edits, attachments));
      saved(await formOf(now, { groups, staff }));
      keepBlast(now);
    } catch (problem) {
      setError(problem);
      const theirs = conflictState<Blast>(problem);
      // The newer state comes in from above; what was typed here stays, unless it is too late for it.
      if (theirs && theirs.state !== "scheduled") say("It has begun, so it was not changed any more.");
      if (theirs) keepBlast(theirs);
      else void queryClient.invalidateQueries({ queryKey: keys.blast(b.id) });
    } finally {
      setPending(false);
    }
  };
  return {
    pending,
    error,
    save: (version: number, edits: Partial<Form>, attachments: Files) =>
      void save(version, edits, attachments),
  };
}
