import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Conversation, Me, Message } from "../../api/types.ts";
import { dayKey } from "../../lib/time.ts";
import { AskDialog } from "../../ui/AskDialog.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { VersionsDialog } from "../../ui/VersionsDialog.tsx";
import { announce } from "../../live/status.ts";
import { deleteMessage, readVersions } from "./messageApi.ts";
import styles from "./messageDialogs.module.css";
import { plainBody } from "./plain.ts";

// Import this file only lazily: it brings react-aria.

interface AboutMessage {
  message: Message;
  close(): void;
}

/** Asks before a message is taken away for everyone. */
export function DeleteDialog({ message: m, own, close }: AboutMessage & { own: boolean }) {
  const act = async () => {
    await deleteMessage(m);
    announce("Message deleted.");
  };
  return (
    <AskDialog
      title={own ? "Delete this message?" : `Remove this message by ${m.author.name}?`}
      verb={own ? "Delete for everyone" : "Remove for everyone"}
      act={act}
      close={close}
    >
      <blockquote className={styles["words"]}>
        {plainBody(m).slice(0, 300) || "A message without text"}
      </blockquote>
      <p>
        Everyone here will see that a message was deleted, and no longer what it said. This can’t be taken
        back.
      </p>
    </AskDialog>
  );
}

/** What a message said before, for staff who may read the audit log. */
export function MessageVersionsDialog({ message: m, close }: AboutMessage) {
  const { data, error } = useQuery({
    queryKey: ["versions", m.id, m.edited_at],
    queryFn: () => readVersions(m),
    gcTime: 0,
  });
  const now = { at: m.edited_at ?? m.created_at, who: m.author.name, body: plainBody(m) };
  const before = (data ?? []).map((v) => ({ at: v.at, who: v.by.name, body: plainBody(v) }));
  return <VersionsDialog now={m.deleted_at ? null : now} before={before} error={error} close={close} />;
}

/** Who of the others has read up to a message. */
export function ReadByDialog({
  message: m,
  conversation: c,
  me,
  close,
}: AboutMessage & { conversation: Conversation; me: Me }) {
  const others = c.members.filter((x) => x.user_id !== me.user.id);
  const read = others.filter((x) => (x.read_seq ?? 0) >= m.seq);
  const not = others.filter((x) => !read.includes(x));
  return (
    <Dialog title="Read by" close={close}>
      <People title="Read" people={read} />
      <People title="Not yet" people={not} />
    </Dialog>
  );
}

function People({ title, people }: { title: string; people: Conversation["members"] }) {
  if (people.length === 0) return null;
  return (
    <>
      <h3 className={styles["group"]}>{title}</h3>
      <ul className={styles["people"]}>
        {people.map((p) => (
          <li key={p.user_id}>
            <Avatar name={p.name} size={32} /> {p.name}
          </li>
        ))}
      </ul>
    </>
  );
}

interface DateProps {
  /** When the conversation began; nothing is older. */
  from: string;
  choose(at: string): Promise<boolean>;
  close(): void;
}

/** Goes to the first message of a day. */
export function DateDialog({ from, choose, close }: DateProps) {
  const today = dayKey(new Date());
  const [day, setDay] = useState(today);
  const [problem, setProblem] = useState("");
  const go = async (event?: FormEvent) => {
    event?.preventDefault();
    const at = new Date(`${day}T00:00:00`);
    if (Number.isNaN(at.getTime())) return setProblem("Choose a day first.");
    if (await choose(at.toISOString())) close();
    else setProblem("There are no messages to show.");
  };
  return (
    <Dialog
      title="Go to a date"
      close={close}
      onSubmit={() => void go()}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" type="submit">
            Go there
          </Button>
        </>
      }
    >
      <label className={styles["date"]}>
        <span>Day</span>
        <input
          type="date"
          required
          value={day}
          min={dayKey(new Date(from))}
          max={today}
          onChange={(event) => setDay(event.target.value)}
        />
      </label>
      {problem && <p role="alert">{problem}</p>}
    </Dialog>
  );
}
