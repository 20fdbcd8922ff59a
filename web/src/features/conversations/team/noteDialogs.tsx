import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, explain } from "../../../api/client.ts";
import type { Note } from "../../../api/types.ts";
import { dateTime } from "../../../lib/time.ts";
import { announce } from "../../../live/status.ts";
import { Tag } from "../../../ui/Badge.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { deleteNote } from "./notes.ts";
import styles from "./Team.module.css";

// Import this file only lazily: it brings react-aria.

interface AboutNote {
  note: Note;
  close(): void;
}

/** Asks before a note is taken away. */
export function DeleteNoteDialog({ note, close }: AboutNote) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const remove = async () => {
    setBusy(true);
    try {
      await deleteNote(note);
      announce("Staff note deleted.");
      close();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Delete this staff note?"
      role="alertdialog"
      close={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="danger" disabled={busy} onClick={() => void remove()}>
            Delete note
          </Button>
        </>
      }
    >
      <blockquote className={styles["words"]}>{note.body.slice(0, 300)}</blockquote>
      <p>
        Colleagues will see that a note was deleted. What it said stays for those who may read the audit log.
      </p>
      {problem && <p role="alert">{problem}</p>}
    </Dialog>
  );
}

/** What a note said before, for staff who may read the audit log. */
export function NoteVersionsDialog({ note, close }: AboutNote) {
  const { data, error } = useQuery({
    queryKey: ["note-versions", note.id, note.edited_at, note.deleted_at],
    queryFn: () => ask(api.GET("/api/v1/notes/{id}/versions", { params: { path: { id: note.id } } })),
    gcTime: 0,
  });
  return (
    <Dialog title="Earlier versions" close={close}>
      <p className="muted">Looking at this is recorded in the audit log.</p>
      {error && <p role="alert">{explain(error)}</p>}
      <ol className={styles["versions"]}>
        {!note.deleted_at && (
          <Version at={note.edited_at ?? note.created_at} who={note.author.name} body={note.body} now />
        )}
        {[...(data?.items ?? [])].reverse().map((v) => (
          <Version key={v.at} at={v.at} who={v.by.name} body={v.body} />
        ))}
      </ol>
    </Dialog>
  );
}

function Version({ at, who, body, now }: { at: string; who: string; body: string; now?: boolean }) {
  return (
    <li>
      <p className="muted">
        {who} · {dateTime(at)} {now && <Tag tone="pine">Now</Tag>}
      </p>
      <p className={styles["text"]}>{body}</p>
    </li>
  );
}
