import { type ChangeEvent, useState } from "react";
import type { AccessPreview } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { Check } from "../../ui/Field.tsx";
import { BadLines, FileField } from "../../ui/FileField.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import type { BulkWords } from "./bulk.ts";
import { useApply, useImportPreview } from "./bulkQueries.ts";
import { Outcome } from "./Outcome.tsx";

/** Chat access from a file: looked at first, every bad line named, nothing changed before that. */
export function ImportDialog({ close }: { close(): void }) {
  const [csv, setCsv] = useState("");
  const [skip, setSkip] = useState(false);
  const look = useImportPreview();
  const apply = useApply();
  const bad = look.data?.bad ?? [];
  const preview = look.data?.preview ?? null;
  const words = preview && importWords(preview);
  const read = (text: string, skipBad: boolean) => {
    setCsv(text);
    setSkip(skipBad);
    look.mutate({ csv: text, skip_bad_lines: skipBad });
  };
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) read(await file.text(), false);
  };
  const ready = preview !== null && preview.changed > 0 && !apply.isPending && !look.isPending;
  const confirm = () => {
    if (!ready || !words) return;
    apply.mutate({ token: preview.token, reason: "", done: words.done }, { onSuccess: close });
  };
  return (
    <Dialog
      title="Import chat access"
      close={close}
      onSubmit={confirm}
      footer={
        <Confirm close={close} disabled={!ready}>
          {words && preview.changed > 0 ? words.confirm : "Apply"}
        </Confirm>
      }
    >
      <p>
        A CSV file with the columns <b>client_id</b> or <b>email</b>, <b>direct</b>, <b>community</b>, and{" "}
        <b>reason</b> if you like. A switch is on, off, or unset for no setting of their own; an empty one
        stays as it is.
      </p>
      <FileField label="CSV file" accept=".csv,text/csv" onChange={(e) => void choose(e)} />
      {look.isPending && <p role="status">Looking through the file…</p>}
      {look.data && bad.length > 0 && (
        <>
          <Callout tone="amber" icon="circle-alert" live="alert">
            {count(bad.length, "line")} of {look.data.lines.toLocaleString("en-US")} can’t be used. Nothing is
            changed while there is one, unless you skip them.
          </Callout>
          <BadLines lines={bad.map((b) => ({ line: b.line, why: b.problem }))} />
          <Check
            label={`Skip the ${count(bad.length, "bad line")}`}
            checked={skip}
            onChange={(e) => read(csv, e.target.checked)}
          />
        </>
      )}
      {preview && words && <Outcome preview={preview} words={words} />}
      <Problem error={look.error ?? apply.error} />
    </Dialog>
  );
}

function importWords(p: AccessPreview): BulkWords {
  return {
    title: "Import chat access",
    changed: `${p.changed === 1 ? "client" : "clients"} will change`,
    changedMore: "Their own settings become what the file says.",
    keeps: p.keeps_own === 1 ? "keeps its own setting" : "keep their own setting",
    unchanged: `${p.unchanged === 1 ? "is" : "are"} already so`,
    confirm: `Change ${count(p.changed, "client")}`,
    done: `Chat access imported for ${count(p.changed, "client")}.`,
  };
}
