import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { explain } from "../../../api/client.ts";
import type { Conversation } from "../../../api/types.ts";
import { useStore } from "../../../lib/store.ts";
import { sayViewing } from "../../../live/connection.ts";
import { announce } from "../../../live/status.ts";
import { Button } from "../../../ui/Button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Icon } from "../../../ui/Icon.tsx";
import composer from "../Composer.module.css";
import { useGrow } from "../ComposerField.tsx";
import { longest } from "../composerText.ts";
import { changeNote, newNoteId, writeNote } from "./notes.ts";
import { endNote, noting, typeNote } from "./noting.ts";
import styles from "./Team.module.css";

const typingEvery = 3_000;

/** Where a note for staff is written; it looks unlike the place for messages before a word is read. */
export function NoteComposer({ conversation: c, title }: { conversation: Conversation; title: string }) {
  const { text, editing } = useStore(noting, (all) => all[c.id]) ?? { text: "", editing: null };
  const field = useRef<HTMLTextAreaElement>(null);
  const said = useRef(0);
  const { busy, problem, save } = useSaving(c.id, editing, text);
  useGrow(field, text);
  useEffect(() => field.current?.focus(), [editing]);
  const type = (next: string) => {
    typeNote(c.id, next);
    if (Date.now() - said.current < typingEvery) return;
    said.current = Date.now();
    sayViewing(c.id, true); // colleagues see it; whoever is written about does not
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (editing || text.trim() === "") endNote(c.id);
    }
  };
  const usable = text.trim() !== "" && Array.from(text).length <= longest && !busy;
  return (
    <div className={cx(composer["composer"], composer["staffOnly"])}>
      <form className={composer["box"]} aria-label="Write a staff note" onSubmit={submit}>
        <p className={styles["only"]}>
          <Icon name="lock" size={14} />
          {editing ? "Change your staff note" : "Staff note. Clients never see this."}
        </p>
        <div className={composer["field"]}>
          <textarea
            ref={field}
            rows={1}
            aria-label={`Staff note about ${title}`}
            placeholder="Write a note for your colleagues"
            value={text}
            onChange={(event) => type(event.target.value)}
            onKeyDown={onKey}
          />
        </div>
        {problem && (
          <p role="alert" className={styles["problem"]}>
            {problem}
          </p>
        )}
        <div className={composer["bar"]}>
          <Button look="ghost" onClick={() => endNote(c.id)}>
            {editing ? "Cancel" : "Back"}
          </Button>
          <span className={composer["hint"]}>Staff only</span>
          <Button type="submit" look="primary" disabled={!usable}>
            Save note
          </Button>
        </div>
      </form>
    </div>
  );
}

/** Saves a note; the id is made once, so that trying again never doubles it. */
function useSaving(conversation: string, editing: Parameters<typeof changeNote>[0] | null, text: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const id = useRef({ id: "", text: "" });
  const save = () => {
    if (text.trim() === "" || busy) return;
    if (id.current.text !== text) id.current = { id: newNoteId(), text };
    setBusy(true);
    setProblem("");
    const saving = editing ? changeNote(editing, text) : writeNote(conversation, id.current.id, text);
    saving
      .then(() => {
        sayViewing(conversation);
        announce("Staff note saved.");
        endNote(conversation);
      })
      .catch((error: unknown) => {
        setProblem(`The note was not saved. ${explain(error)}`);
        setBusy(false);
      });
  };
  return { busy, problem, save };
}
