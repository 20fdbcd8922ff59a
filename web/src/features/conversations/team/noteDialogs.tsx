import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client.ts";
import type { Note } from "../../../api/types.ts";
import { announce } from "../../../live/status.ts";
import { AskDialog } from "../../../ui/AskDialog.tsx";
import { VersionsDialog } from "../../../ui/VersionsDialog.tsx";
import { deleteNote } from "./notes.ts";
import styles from "./Team.module.css";

// Import this file only lazily: it brings react-aria.

interface AboutNote {
  note: Note;
  close(): void;
}

/** Asks before a note is taken away. */
export function DeleteNoteDialog({ note, close }: AboutNote) {
  const act = async () => {
    await deleteNote(note);
    announce("Staff note deleted.");
  };
  return (
    <AskDialog title="Delete this staff note?" verb="Delete note" act={act} close={close}>
      <blockquote className={styles["words"]}>{note.body.slice(0, 300)}</blockquote>
      <p>
        Colleagues will see that a note was deleted. What it said stays for those who may read the audit log.
      </p>
    </AskDialog>
  );
}

/** What a note said before, for staff who may read the audit log. */
export function NoteVersionsDialog({ note, close }: AboutNote) {
  const { data, error } = useQuery({
    queryKey: ["note-versions", note.id, note.edited_at, note.deleted_at],
    queryFn: () => ask(api.GET("/api/v1/notes/{id}/versions", { params: { path: { id: note.id } } })),
    gcTime: 0,
  });
  const now = { at: note.edited_at ?? note.created_at, who: note.author.name, body: note.body };
  const before = (data?.items ?? []).map((v) => ({ at: v.at, who: v.by.name, body: v.body })).reverse();
  return <VersionsDialog now={note.deleted_at ? null : now} before={before} error={error} close={close} />;
}
