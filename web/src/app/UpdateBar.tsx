import { useEffect, useState } from "react";
import { composing } from "../features/conversations/composing.ts";
import { noting } from "../features/conversations/team/noting.ts";
import { drafts } from "../features/conversations/useDraft.ts";
import { useStore } from "../lib/store.ts";
import { takeUpdate } from "../lib/worker.ts";
import { outbox } from "../live/connection.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { keptBack } from "./keptBack.ts";
import styles from "./Shell.module.css";

/** How often a draft that could not be stored is tried again. */
const again = 3_000;

/** A new version waits; it takes over when the person says so and nothing can be lost by it. */
export function UpdateBar({ close }: { close(): void }) {
  const [asked, setAsked] = useState(false);
  const unsent = useStore(outbox.store, (all) => all);
  const unsaved = useStore(drafts.unsaved, (all) => all);
  const writing = useStore(composing, (all) => all);
  const notes = useStore(noting, (all) => all);
  const back = keptBack({ unsent, unsaved, writing, notes });
  useEffect(() => {
    if (!asked) return;
    if (back === "") return takeUpdate();
    drafts.flush();
    const timer = setInterval(() => drafts.flush(), again);
    return () => clearInterval(timer);
  }, [asked, back]);
  return (
    <div className={styles["newbar"]}>
      <Icon name="rotate-cw" />
      <span>
        {asked && back !== ""
          ? back
          : "A new version is ready. Reload when it suits you: what you are writing is kept."}
      </span>
      <Button look="ghost" size="small" disabled={asked} onClick={() => setAsked(true)}>
        Reload
      </Button>
      <IconButton
        label={asked ? "Don’t reload" : "Later"}
        icon="x"
        onClick={() => (asked ? setAsked(false) : close())}
      />
    </div>
  );
}
