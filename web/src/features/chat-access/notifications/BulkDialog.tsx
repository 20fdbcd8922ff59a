import { useState } from "react";
import type { AccessFilter, Setting } from "../../../api/types.ts";
import { Segmented } from "../../../ui/Switch.tsx";
import { nested, type Some } from "./cells.ts";
import { ChangeDialog } from "./ChangeDialog.tsx";
import { MatrixFields } from "./MatrixFields.tsx";
import { cellWords } from "./words.ts";

interface BulkDialogProps {
  clients: AccessFilter;
  /** Whom it is about, for the title; null where they are not counted yet. */
  about: string | null;
  close(): void;
  applied(): void;
}

const options = [
  { value: "", label: "Leave" },
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
  { value: "unset", label: "Not set" },
] as const;

/** Notifications of the clients that were selected: what to change, then the preview. */
export function BulkDialog({ about, ...rest }: BulkDialogProps) {
  const [chosen, setChosen] = useState<Some<Setting>>({});
  return (
    <ChangeDialog
      {...rest}
      title={`Notifications of ${about ?? "all that match"}`}
      place="own"
      set={nested(chosen)}
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
            onChange={(value) => setChosen({ ...chosen, [cell]: value || undefined })}
          />
        )}
      />
    </ChangeDialog>
  );
}
