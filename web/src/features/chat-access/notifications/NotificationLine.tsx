import type { NotificationsChange } from "../../../api/clientNotifications.ts";
import { count } from "../../../lib/text.ts";
import { dateTime } from "../../../lib/time.ts";
import { Bar } from "../../../ui/Bar.tsx";
import { ChangeLine } from "../ChangeLine.tsx";
import { isRunning, undoNotifications } from "./bulkQueries.ts";
import { named } from "./cells.ts";
import { setWords } from "./words.ts";

/** A change of many clients' notifications in the list of changes. */
export function NotificationLine({ row }: { row: NotificationsChange }) {
  const what = `${row.place === "default" ? "Default notifications" : "Notifications"}: ${setWords(named(row.set))}`;
  return (
    <ChangeLine
      what={`${what} for ${count(row.changed, "client")}`}
      undo={row.can_undo ? () => undoNotifications(row.id) : undefined}
    >
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
      {row.undone_at && (
        <p>
          Taken back by {row.undone_by?.name ?? "Hearth"}, {dateTime(row.undone_at)}
        </p>
      )}
      {row.can_undo && <p>Can be taken back until {dateTime(row.undo_until)}</p>}
    </ChangeLine>
  );
}
