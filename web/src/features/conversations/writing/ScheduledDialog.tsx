import { useScheduled } from "../../../api/writing.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ScheduledItem } from "./ScheduledItem.tsx";
import styles from "./Writing.module.css";

// Import this file only lazily, like ui/Dialog.tsx.

/** What one has scheduled in a conversation, and what became of it. */
export function ScheduledDialog({ conversation, close }: { conversation: string; close(): void }) {
  const { data } = useScheduled();
  const mine = (data ?? []).filter((s) => s.conversation_id === conversation && s.state !== "sent");
  const waiting = mine.filter((s) => s.state === "scheduled").reverse();
  const skipped = mine.filter((s) => s.state === "skipped");
  return (
    <Dialog title="Scheduled" close={close}>
      {mine.length === 0 && <p className="muted">Nothing is scheduled here.</p>}
      <ul className={styles["items"]} aria-label="Scheduled messages">
        {[...waiting, ...skipped].map((s) => (
          <ScheduledItem key={s.id} scheduled={s} />
        ))}
      </ul>
    </Dialog>
  );
}
