import { lazy, Suspense, useRef } from "react";
import { isClient, useMe } from "../../../api/session.ts";
import { useStore } from "../../../lib/store.ts";
import { IconButton } from "../../../ui/Button.tsx";
import type { ComposerPorts } from "../slots/composer.ts";
import { choosingTime, isScheduleKey } from "./state.ts";
import styles from "./Writing.module.css";

const SchedulePopover = lazy(async () => ({
  default: (await import("./SchedulePopover.tsx")).SchedulePopover,
}));

/** Beside Send: keeps the message for later. */
export function ScheduleButton({ ports }: { ports: ComposerPorts }) {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const id = ports.conversation.id;
  const open = useStore(choosingTime, (c) => c === id);
  // A client's composer is a line: the button comes with the words.
  if (isClient(me) && !ports.sendable) return null;
  const close = () => {
    choosingTime.set("");
    ports.focus();
  };
  return (
    <>
      <IconButton
        ref={button}
        label="Schedule"
        icon="calendar-clock"
        className={isClient(me) ? undefined : styles["schedule"]}
        fill={!isClient(me)}
        disabled={!ports.sendable}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => choosingTime.set(open ? "" : id)}
      />
      {open && ports.sendable && (
        <Suspense>
          <SchedulePopover trigger={button} ports={ports} close={close} />
        </Suspense>
      )}
    </>
  );
}

/** Opens it by the keyboard; true when the key was taken. */
export function scheduleKey(ports: ComposerPorts, event: KeyboardEvent): boolean {
  if (!isScheduleKey(event)) return false;
  if (ports.sendable) choosingTime.set(ports.conversation.id);
  return true;
}
