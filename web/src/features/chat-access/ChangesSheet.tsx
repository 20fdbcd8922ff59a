import type { ReactElement } from "react";
import type { AccessChange } from "../../api/types.ts";
import { count, listed } from "../../lib/text.ts";
import { dateTime } from "../../lib/time.ts";
import { Sheet } from "../../ui/Sheet.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import styles from "./Dialogs.module.css";
import { undo, useChanges } from "./bulkQueries.ts";
import { ChangeLine } from "./ChangeLine.tsx";
import { inTime, type Listed, more } from "./inTime.ts";
import { useNotificationChanges } from "./notifications/bulkQueries.ts";
import { NotificationLine } from "./notifications/NotificationLine.tsx";
import { untilWords } from "./until.ts";
import { switchWords } from "./words.ts";

/** Changes of many clients at once, each with its way back for 24 hours. */
export function ChangesSheet({ close }: { close(): void }) {
  const access = useChanges();
  const told = useNotificationChanges();
  const lists = [
    list(
      access,
      (row) => row.at,
      (row) => <AccessLine key={row.id} row={row} />,
    ),
    list(
      told,
      (row) => row.created_at,
      (row) => <NotificationLine key={row.id} row={row} />,
    ),
  ];
  const rows = inTime(lists);
  const failed = [access, told].find((q) => q.isError && !q.data);
  return (
    <Sheet
      title="Changes"
      about="Of many clients at once. Each can be taken back for 24 hours."
      close={close}
    >
      {failed ? (
        <Failed what="the changes" error={failed.error} retry={() => void failed.refetch()} />
      ) : access.isPending || told.isPending ? (
        <ListSkeleton rows={4} label="Loading changes" />
      ) : rows.length === 0 ? (
        <Empty small title="No changes yet.">
          Select clients in the table to change many at once.
        </Empty>
      ) : (
        <ul className={styles["changes"]}>{rows.map((row) => row.line)}</ul>
      )}
      {(access.hasNextPage || told.hasNextPage) && (
        <button type="button" className="link" onClick={() => more(lists)}>
          Show earlier changes
        </button>
      )}
    </Sheet>
  );
}

interface Pages<Row> {
  data: { pages: { items: Row[] | null }[] } | undefined;
  hasNextPage: boolean;
  fetchNextPage(): unknown;
}

function list<Row>(query: Pages<Row>, at: (row: Row) => string, line: (row: Row) => ReactElement): Listed {
  const rows = query.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  return {
    rows: rows.map((row) => ({ at: at(row), line: line(row) })),
    more: query.hasNextPage,
    next: () => void query.fetchNextPage(),
  };
}

function AccessLine({ row }: { row: AccessChange }) {
  const open = row.can_undo && !row.undone_at;
  return (
    <ChangeLine what={changeWords(row)} undo={open ? () => undo(row.id) : undefined}>
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
      {open && <p>Can be taken back until {dateTime(row.undo_until)}</p>}
    </ChangeLine>
  );
}

/** "Direct Messaging off for 34 clients" */
function changeWords(row: Pick<AccessChange, "direct" | "community" | "place" | "changed" | "how">): string {
  const what = (["direct", "community"] as const)
    .filter((n) => row[n])
    .map((n) => `${switchWords[n]} ${row[n] === "unset" ? "not set" : row[n]}`);
  const many = count(row.changed, "client");
  if (row.how === "import" || what.length === 0) return `Imported for ${many}`;
  return row.place === "default"
    ? `Default ${listed(what)} applied to ${many}`
    : `${listed(what)} for ${many}`;
}
