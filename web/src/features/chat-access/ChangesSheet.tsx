import { useRef, useState } from "react";
import type { AccessChange } from "../../api/types.ts";
import { count, listed } from "../../lib/text.ts";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import styles from "./Dialogs.module.css";
import { undo, useChanges } from "./bulkQueries.ts";
import { untilWords } from "./until.ts";
import { switchWords } from "./words.ts";

/** Changes of many clients at once, each with its way back for 24 hours. */
export function ChangesSheet({ close }: { close(): void }) {
  const changes = useChanges();
  const rows = changes.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  return (
    <Sheet
      title="Changes"
      about="Of many clients at once. Each can be taken back for 24 hours."
      close={close}
    >
      {changes.isPending ? (
        <ListSkeleton rows={4} label="Loading changes" />
      ) : changes.isError && rows.length === 0 ? (
        <Failed what="the changes" error={changes.error} retry={() => void changes.refetch()} />
      ) : rows.length === 0 ? (
        <Empty small title="No changes yet.">
          Select clients in the table to change many at once.
        </Empty>
      ) : (
        <ul className={styles["changes"]}>
          {rows.map((row) => (
            <Change key={row.id} row={row} />
          ))}
        </ul>
      )}
      {changes.hasNextPage && (
        <button type="button" className="link" onClick={() => void changes.fetchNextPage()}>
          Show earlier changes
        </button>
      )}
    </Sheet>
  );
}

function Change({ row }: { row: AccessChange }) {
  const line = useRef<HTMLLIElement>(null);
  const [busy, setBusy] = useState(false);
  const takeBack = () => {
    if (busy) return;
    setBusy(true);
    // The button goes; whoever pressed it stays at its line.
    line.current?.focus();
    void undo(row.id).finally(() => setBusy(false));
  };
  return (
    <li ref={line} tabIndex={-1}>
      <div>
        <b>{changeWords(row)}</b>
        <p>
          {row.actor.name}, {dateTime(row.at)}
          {row.reason && `. “${row.reason}”`}
          {row.until && `. Until ${untilWords(row.until)}`}
        </p>
        {row.undone_at && (
          <p>
            Taken back by {row.undone_by?.name ?? "Hearth"}, {dateTime(row.undone_at)}
          </p>
        )}
        {row.can_undo && !row.undone_at && <p>Can be taken back until {dateTime(row.undo_until)}</p>}
      </div>
      {row.can_undo && !row.undone_at && (
        <Button aria-disabled={busy} onClick={takeBack}>
          Undo
        </Button>
      )}
    </li>
  );
}

/** "Direct Messaging off for 34 clients" */
export function changeWords(
  row: Pick<AccessChange, "direct" | "community" | "place" | "changed" | "how">,
): string {
  const what = (["direct", "community"] as const)
    .filter((n) => row[n])
    .map((n) => `${switchWords[n]} ${row[n] === "unset" ? "not set" : row[n]}`);
  const many = count(row.changed, "client");
  if (row.how === "import" || what.length === 0) return `Imported for ${many}`;
  return row.place === "default"
    ? `Default ${listed(what)} applied to ${many}`
    : `${listed(what)} for ${many}`;
}
