import type { Conversation } from "../../../api/types.ts";
import { shortDate } from "../../../lib/time.ts";
import { Button } from "../../../ui/Button.tsx";
import panel from "../ContextPanel.module.css";
import { NoteText } from "./NoteInsert.tsx";
import { useNotes } from "./notes.ts";
import { startNote } from "./noting.ts";
import styles from "./Team.module.css";

const few = 3;

/** In the details: what staff noted, the newest first. */
export function NotesSection({ conversation: c }: { conversation: Conversation }) {
  const { data } = useNotes(c.id, true);
  const notes = (data ?? []).filter((n) => !n.deleted_at).reverse();
  return (
    <section aria-label="Staff notes">
      <div className={panel["sh"]}>
        <h3>Staff notes</h3>
        <Button size="small" look="ghost" icon="plus" onClick={() => startNote(c.id)}>
          Add
        </Button>
      </div>
      {notes.length === 0 && <p className={panel["note"]}>For colleagues. Clients never see these.</p>}
      {notes.slice(0, few).map((note) => (
        <div key={note.id} className={styles["aside"]}>
          <NoteText note={note} />
          <footer>
            {note.author.name} · {shortDate(note.created_at)}
          </footer>
        </div>
      ))}
      {notes.length > few && (
        <p className={panel["note"]}>{notes.length - few} more stand in the conversation.</p>
      )}
    </section>
  );
}
