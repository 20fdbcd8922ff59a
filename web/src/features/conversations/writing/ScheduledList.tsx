import { useScheduled } from "../../../api/writing.ts";
import { Empty, Failed, ListSkeleton } from "../../../ui/States.tsx";
import { ScheduledItem } from "./ScheduledItem.tsx";
import styles from "./Writing.module.css";

/** The inbox filter "Scheduled": what waits, soonest first, then what could not be sent. */
export function ScheduledList() {
  const scheduled = useScheduled();
  if (scheduled.isPending) return <ListSkeleton label="Loading scheduled messages" />;
  if (!scheduled.data) {
    return (
      <Failed what="your scheduled messages" error={scheduled.error} retry={() => void scheduled.refetch()} />
    );
  }
  const waiting = scheduled.data.filter((s) => s.state === "scheduled").reverse();
  const skipped = scheduled.data.filter((s) => s.state === "skipped");
  if (waiting.length + skipped.length === 0) {
    return (
      <Empty small title="Nothing is scheduled.">
        Messages you keep for later are listed here until they go.
      </Empty>
    );
  }
  return (
    <div className={styles["list"]}>
      <ul className={styles["items"]} aria-label="Scheduled messages">
        {waiting.map((s) => (
          <ScheduledItem key={s.id} scheduled={s} titled />
        ))}
      </ul>
      {skipped.length > 0 && (
        <>
          <h3>Not sent in the last 30 days</h3>
          <ul className={styles["items"]} aria-label="Messages that were not sent">
            {skipped.map((s) => (
              <ScheduledItem key={s.id} scheduled={s} titled />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
