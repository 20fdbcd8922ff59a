import { useRef, useState } from "react";
import { conflictState, fieldError } from "../../api/client.ts";
import type { Template } from "../../api/types.ts";
import { useAddTemplate, useChangeTemplate, useDeleteTemplate } from "../../api/writing.ts";
import { Button } from "../../ui/Button.tsx";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { AreaField, TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Writing.module.css";

// Import this file only lazily, like ui/Dialog.tsx.

const fields = [
  { id: "first_name", label: "First name" },
  { id: "provider", label: "Provider" },
  { id: "practice", label: "Practice" },
  { id: "next_step", label: "Next step" },
] as const;

interface DialogProps {
  /** A template, or whose a new one is. */
  editing: Template | Template["scope"];
  close(): void;
}

/** Makes or changes a template. */
export function TemplateDialog({ editing, close }: DialogProps) {
  const [before, setBefore] = useState(typeof editing === "string" ? null : editing);
  const scope = typeof editing === "string" ? editing : editing.scope;
  const [title, setTitle] = useState(before?.title ?? "");
  const [body, setBody] = useState(before?.body ?? "");
  const add = useAddTemplate();
  const change = useChangeTemplate();
  const saving = before ? change : add;
  const theirs = conflictState<Template>(change.error);
  const ready = title.trim() !== "" && body.trim() !== "" && !saving.isPending;
  const save = () => {
    if (!ready) return;
    const done = { onSuccess: close };
    if (!before) add.mutate({ scope, title, body }, done);
    else
      change.mutate(
        { id: before.id, version: before.version, title, body },
        {
          ...done,
          onError: (error) => {
            const now = conflictState<Template>(error);
            if (now) setBefore(now);
          },
        },
      );
  };
  return (
    <Dialog
      title={before ? "Edit template" : scope === "mine" ? "New template" : "New template for everyone"}
      close={close}
      onSubmit={save}
      footer={
        <>
          {before && <Remove template={before} close={close} />}
          <Confirm close={close} disabled={!ready}>
            Save template
          </Confirm>
        </>
      }
    >
      {theirs && (
        <Callout tone="amber" icon="circle-alert" live="alert">
          <b>Someone changed this a moment ago.</b> It says “{theirs.title}: {theirs.body}” now. Saving puts
          yours in its place.
        </Callout>
      )}
      <TextField
        label="Title"
        maxLength={100}
        value={title}
        error={fieldError(saving.error, "title")}
        onChange={(e) => setTitle(e.target.value)}
      />
      <BodyField body={body} set={setBody} error={fieldError(saving.error, "body")} />
      {!theirs && <Problem error={saving.error} />}
    </Dialog>
  );
}

function BodyField({
  body,
  set,
  error,
}: {
  body: string;
  set(body: string): void;
  error: string | undefined;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const insert = (id: string) => {
    const area = frame.current?.querySelector("textarea");
    const at = area?.selectionStart ?? body.length;
    const end = area?.selectionEnd ?? at;
    set(`${body.slice(0, at)}{{${id}}}${body.slice(end)}`);
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(at + id.length + 4, at + id.length + 4);
    });
  };
  return (
    <div ref={frame} className={styles["body"]}>
      <AreaField
        label="Text"
        rows={7}
        maxLength={10_000}
        value={body}
        error={error}
        onChange={(e) => set(e.target.value)}
      />
      <div role="group" aria-label="Insert a field" className={styles["insert"]}>
        {fields.map((f) => (
          <Button key={f.id} size="small" icon="plus" onClick={() => insert(f.id)}>
            {f.label}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** Asks once: the second press removes. */
function Remove({ template, close }: { template: Template; close(): void }) {
  const [sure, setSure] = useState(false);
  const remove = useDeleteTemplate();
  const press = () => {
    if (!sure) return setSure(true);
    remove.mutate(template.id, {
      onSuccess: () => {
        close();
        say("Template deleted.");
      },
    });
  };
  return (
    <Button look={sure ? "danger" : "dangerQuiet"} className={styles["remove"]} onClick={press}>
      {sure ? "Delete for good" : "Delete"}
    </Button>
  );
}
