import { type ReactNode, useState } from "react";
import { explain } from "../../api/client.ts";
import type { Conversation, Me } from "../../api/types.ts";
import { conversationTitle } from "../../lib/people.ts";
import { navigate } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { say } from "../../ui/toast.ts";
import { close as closeForAll, leave, mute, rename } from "./conversationState.ts";
import styles from "./conversationDialogs.module.css";
import { inboxHref } from "./filters.ts";
import { mutedForGood } from "./muted.ts";

// Import this file only lazily: it brings react-aria.

interface AboutConversation {
  conversation: Conversation;
  close(): void;
}

/** An act of a dialog: while it runs nothing can be pressed twice, and a refusal is shown. */
function useAct(done: () => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    try {
      await act();
      done();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  const words: ReactNode = problem && (
    <p role="alert" className={styles["problem"]}>
      {problem}
    </p>
  );
  return { busy, run, words };
}

/** Until when nothing of this conversation is notified. */
export function MuteDialog({ conversation: c, close }: AboutConversation) {
  const choose = (until: string) => {
    close();
    void mute(c, until);
  };
  return (
    <Dialog title="Mute this conversation" close={close}>
      <p className="muted">New messages still arrive and count as unread. You won’t be notified of them.</p>
      <div className={styles["choices"]}>
        {muteChoices(new Date()).map(({ label, until }) => (
          <Button key={label} block onClick={() => choose(until)}>
            {label}
            <small>{until.startsWith("2") && !label.startsWith("Until I") ? dateTime(until) : ""}</small>
          </Button>
        ))}
      </div>
    </Dialog>
  );
}

/** The times offered, seen from now in this device's zone. */
function muteChoices(now: Date): { label: string; until: string }[] {
  const inHours = (h: number) => new Date(now.getTime() + h * 3_600_000).toISOString();
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(8, 0, 0, 0);
  return [
    { label: "For 1 hour", until: inHours(1) },
    { label: "For 8 hours", until: inHours(8) },
    { label: "Until tomorrow", until: morning.toISOString() },
    { label: "For a week", until: inHours(168) },
    { label: "Until I unmute it", until: mutedForGood() },
  ];
}

export function CloseDialog({ conversation: c, close }: AboutConversation) {
  const [reason, setReason] = useState("");
  const { busy, run, words } = useAct(close);
  return (
    <Dialog
      title="Close this conversation?"
      close={close}
      onSubmit={() => void run(() => closeForAll(c, reason))}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            Close for everyone
          </Button>
        </>
      }
    >
      <p>Nobody can write here any more. Everyone can still read it, and staff can reopen it.</p>
      <TextField
        label="Reason (optional)"
        hint="Everyone in the conversation can read it."
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {words}
    </Dialog>
  );
}

export function RenameDialog({ conversation: c, close }: AboutConversation) {
  const [subject, setSubject] = useState(c.subject);
  const { busy, run, words } = useAct(close);
  return (
    <Dialog
      title="Rename this conversation"
      close={close}
      onSubmit={() => void run(() => rename(c, subject))}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy || subject.trim() === c.subject}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        hint="Everyone in the conversation sees it."
        autoFocus
        maxLength={200}
        value={subject}
        onChange={(event) => setSubject(event.target.value)}
      />
      {words}
    </Dialog>
  );
}

export function LeaveDialog({ conversation: c, me, close }: AboutConversation & { me: Me }) {
  const title = conversationTitle(c, me.user.id);
  const away = () => {
    if (window.location.pathname === `/inbox/${c.id}`) navigate(inboxHref(""));
    say(`You left ${title}.`);
  };
  const { busy, run, words } = useAct(close);
  return (
    <Dialog
      title={`Leave ${title}?`}
      role="alertdialog"
      close={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="danger" disabled={busy} onClick={() => void run(() => leave(c, me.user.id, away))}>
            Leave
          </Button>
        </>
      }
    >
      <p>You won’t see what is written there any more. Someone who is in it can add you again.</p>
      {words}
    </Dialog>
  );
}
