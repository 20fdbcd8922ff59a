import { type FormEvent, type RefObject, useState } from "react";
import { Heading } from "react-aria-components";
import { cancelScheduled, useSchedule } from "../../../api/writing.ts";
import { uuidv7 } from "../../../lib/ids.ts";
import { Button } from "../../../ui/Button.tsx";
import { TextField } from "../../../ui/Field.tsx";
import { PopoverCard } from "../../../ui/PopoverCard.tsx";
import { Problem } from "../../../ui/States.tsx";
import { say, sayUndo } from "../../../ui/toast.ts";
import type { ComposerPorts } from "../slots/composer.ts";
import { drafts } from "../useDraft.ts";
import { fieldTime, fieldValue, presets, whenWords, zoneWords } from "./times.ts";
import styles from "./Writing.module.css";

// Import this file only lazily: it brings react-aria.

interface PopoverProps {
  trigger: RefObject<HTMLElement | null>;
  ports: ComposerPorts;
  close(): void;
}

/** Chooses when the message in the composer goes. */
export function SchedulePopover({ trigger, ports, close }: PopoverProps) {
  const [now] = useState(() => new Date());
  // One id however often it is tried, so that a lost answer schedules nothing twice.
  const [id] = useState(uuidv7);
  const [own, setOwn] = useState("");
  const schedule = useSchedule();
  const chosen = fieldTime(own, now);
  const keep = (sendAt: Date) => {
    const { conversation, text } = ports;
    const outgoing = ports.outgoing();
    const draft = { conversation: conversation.id, sendAt, ...outgoing };
    schedule.mutate(
      { id, draft },
      {
        onSuccess(kept) {
          close();
          ports.sent();
          const words = `Scheduled for ${whenWords(kept.send_at)}.`;
          // Files go with the message that had them, so they can't be given back.
          if (outgoing.attachments.length > 0) return say(words);
          sayUndo(words, () =>
            cancelScheduled(kept).then(
              () => drafts.type(conversation.id, text),
              () => say("It has gone already."),
            ),
          );
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) keep(chosen);
  };
  return (
    <PopoverCard trigger={trigger} placement="top end" close={close}>
      <Heading slot="title">Schedule</Heading>
      <div className={styles["presets"]}>
        {presets(now).map((p) => (
          <button key={p.label} type="button" disabled={schedule.isPending} onClick={() => keep(p.at)}>
            <span>{p.label}</span>
            <time>{whenWords(p.at.toISOString(), now).replace(/^(Today|Tomorrow), /, "")}</time>
          </button>
        ))}
      </div>
      <form onSubmit={submit} noValidate className={styles["own"]}>
        <TextField
          label="Date and time"
          type="datetime-local"
          min={fieldValue(now)}
          value={own}
          hint={`Your time, ${zoneWords()}.`}
          error={own !== "" && !chosen ? "Choose a time that is still to come." : undefined}
          onChange={(e) => setOwn(e.target.value)}
        />
        <Problem error={schedule.error} />
        <Button type="submit" look="primary" block disabled={!chosen || schedule.isPending}>
          Schedule message
        </Button>
      </form>
      <p className={styles["note"]}>
        {ports.conversation.kind === "internal"
          ? "You can change or cancel it until it goes."
          : "Chat is checked again when it sends. If it is off by then, the message is skipped and you are told."}
      </p>
    </PopoverCard>
  );
}
