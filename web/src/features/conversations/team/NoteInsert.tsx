import { lazy, useMemo } from "react";
import { isClient, can, useMe } from "../../../api/session.ts";
import type { Conversation, Note } from "../../../api/types.ts";
import { dateTime } from "../../../lib/time.ts";
import { Button } from "../../../ui/Button.tsx";
import { Icon } from "../../../ui/Icon.tsx";
import { Markdown } from "../../../ui/Markdown.tsx";
import { openDialog } from "../dialogs.tsx";
import type { Insert } from "../slots/thread.ts";
import { useNotes } from "./notes.ts";
import { mayNote, startNote } from "./noting.ts";
import styles from "./Team.module.css";

const dialogs = () => import("./noteDialogs.tsx");
const DeleteNoteDialog = lazy(async () => ({ default: (await dialogs()).DeleteNoteDialog }));
const NoteVersionsDialog = lazy(async () => ({ default: (await dialogs()).NoteVersionsDialog }));

const none: readonly Insert[] = [];

/** The staff notes of a conversation, each in its place between the messages. */
export function useNoteInserts(c: Conversation): readonly Insert[] {
  const me = useMe();
  const { data } = useNotes(c.id, mayNote(c, me));
  return useMemo(
    () =>
      data?.map((note) => ({
        key: `note-${note.id}`,
        afterSeq: note.after_seq,
        at: note.created_at,
        content: <NoteInThread note={note} />,
      })) ?? none,
    [data],
  );
}

/** One note: it looks like a place for staff before a word of it is read. */
export function NoteInThread({ note }: { note: Note }) {
  return (
    <div className={styles["place"]}>
      <article
        className={styles["note"]}
        data-note-id={note.id}
        aria-label={`Staff note by ${note.author.name}, ${dateTime(note.created_at)}`}
      >
        <header>
          <Icon name="lock" size={14} />
          <b>Staff note</b>
          <span>Clients never see this</span>
        </header>
        <NoteText note={note} />
        <footer>
          <span>
            {note.author.name} · {dateTime(note.created_at)}
            {note.edited_at && !note.deleted_at && " · Edited"}
          </span>
          <NoteActs note={note} />
        </footer>
      </article>
    </div>
  );
}

export function NoteText({ note }: { note: Note }) {
  if (note.deleted_at) return <p className={styles["gone"]}>This note was deleted.</p>;
  return (
    <div className={styles["text"]} data-body>
      <Markdown body={note.body} mention={() => "someone"} />
    </div>
  );
}

function NoteActs({ note }: { note: Note }) {
  const me = useMe();
  const own = note.author.id === me.user.id;
  const changed = Boolean(note.edited_at ?? note.deleted_at);
  if (isClient(me)) return null;
  return (
    <span className={styles["acts"]}>
      {changed && can(me, "read_audit_log") && (
        <Button
          size="small"
          look="ghost"
          onClick={() => openDialog((close) => <NoteVersionsDialog note={note} close={close} />)}
        >
          Earlier versions
        </Button>
      )}
      {!note.deleted_at && own && (
        <Button size="small" look="ghost" onClick={() => startNote(note.conversation_id, note)}>
          Edit
        </Button>
      )}
      {!note.deleted_at && (own || can(me, "manage_team")) && (
        <Button
          size="small"
          look="ghost"
          onClick={() => openDialog((close) => <DeleteNoteDialog note={note} close={close} />)}
        >
          Delete
        </Button>
      )}
    </span>
  );
}
