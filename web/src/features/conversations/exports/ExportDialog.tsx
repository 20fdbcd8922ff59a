import { useRef, useState } from "react";
import { type ExportFormat, newExportId, startExport } from "../../../api/exports.ts";
import type { Conversation } from "../../../api/types.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Check } from "../../../ui/Field.tsx";
import { Problem } from "../../../ui/States.tsx";
import { ExportList } from "./ExportList.tsx";
import styles from "./Exports.module.css";
import { formats } from "./words.ts";

// Import this file only lazily: it brings react-aria.

/** Asks for a file of a conversation, and gives those that are ready. */
export function ExportDialog({ conversation: c, close }: { conversation: Conversation; close(): void }) {
  const [format, setFormat] = useState<ExportFormat>("pdf");
  const [attachments, setAttachments] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  // The same until an answer came, so that a second try is not a second file.
  const id = useRef(newExportId());
  const begin = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await startExport(c.id, id.current, format, attachments);
      id.current = newExportId();
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  const choose = (change: () => void) => {
    id.current = newExportId();
    change();
  };
  return (
    <Dialog
      title="Export this conversation"
      close={close}
      onSubmit={() => void begin()}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            Close
          </Button>
          <Button type="submit" look="primary" disabled={busy}>
            Export
          </Button>
        </>
      }
    >
      <p className="muted">
        The file holds everything you can read here, and nothing else. Whoever has it can read it, so keep it
        somewhere safe.
      </p>
      <fieldset className={styles["formats"]}>
        <legend>Format</legend>
        {formats.map(({ format: value, label, hint }) => (
          <Check
            key={value}
            kind="radio"
            name="format"
            label={label}
            hint={hint}
            checked={format === value}
            onChange={() => choose(() => setFormat(value))}
          />
        ))}
      </fieldset>
      <Check
        label="Include attachments"
        hint="You get a ZIP of the document and the files."
        checked={attachments}
        onChange={(e) => choose(() => setAttachments(e.target.checked))}
      />
      <Problem error={problem} />
      <ExportList conversation={c.id} />
    </Dialog>
  );
}
