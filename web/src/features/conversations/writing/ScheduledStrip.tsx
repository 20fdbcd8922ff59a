import { lazy } from "react";
import { useScheduled } from "../../../api/writing.ts";
import { count } from "../../../lib/text.ts";
import { Button } from "../../../ui/Button.tsx";
import { Icon } from "../../../ui/Icon.tsx";
import { openDialog } from "../dialogs.tsx";
import type { ComposerPorts } from "../slots/composer.ts";
import { whenWords } from "./times.ts";
import styles from "./Writing.module.css";

const ScheduledDialog = lazy(async () => ({
  default: (await import("./ScheduledDialog.tsx")).ScheduledDialog,
}));

/** Above the composer: what one has scheduled in this conversation. */
export function ScheduledStrip({ ports }: { ports: ComposerPorts }) {
  const { data } = useScheduled();
  const id = ports.conversation.id;
  const waiting = (data ?? []).filter((s) => s.conversation_id === id && s.state === "scheduled");
  const next = waiting[waiting.length - 1];
  if (!next) return null;
  return (
    <div className={styles["strip"]}>
      <Icon name="calendar-clock" size={16} />
      <span>
        <b>{count(waiting.length, "scheduled message")}</b>
        {waiting.length === 1 ? " for " : ", the next for "}
        {whenWords(next.send_at)}
      </span>
      <Button
        size="small"
        look="ghost"
        aria-haspopup="dialog"
        onClick={() => openDialog((close) => <ScheduledDialog conversation={id} close={close} />)}
      >
        Show
      </Button>
    </div>
  );
}
