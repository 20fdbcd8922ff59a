import type { NotificationChange } from "../../../api/clientNotifications.ts";
import { count } from "../../../lib/text.ts";
import { dateTime } from "../../../lib/time.ts";
import { Bar } from "../../../ui/Bar.tsx";
import { ChangeLine } from "../ChangeLine.tsx";
import { isRunning, undoNotifications } from "./bulkQueries.ts";
import { named } from "./cells.ts";
import { setWords } from "./words.ts";

/** A change of many clients' notifications in the list of changes. */
export function NotificationLine({ row }: { row: NotificationChange }) {
  const open = row.state === "applied" && Date.parse(row.undo_until) > Date.now();
  const what = `Notifications: ${setWords(named(row.set))} for ${count(row.changed, "client")}`;
  return (
    <ChangeLine what={what} undo={open ? () => undoNotifications(row.id) : undefined}>
      <p>
        {row.by.name}, {dateTime(row.created_at)}
      </p>
      {isRunning(row) && (
        <>
          <p>
            {row.state === "applying" ? "Under way: " : "Being taken back: "}
            {row.done.toLocaleString("en-US")} of {row.total.toLocaleString("en-US")}
          </p>
          <Bar thin done={row.done} of={row.total} />
        </>
      )}
      {row.state === "undone" && <p>Taken back</p>}
      {open && <p>Can be taken back until {dateTime(row.undo_until)}</p>}
    </ChangeLine>
  );
}
