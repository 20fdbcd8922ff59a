import { useEffect, useState } from "react";
import { composing } from "../features/conversations/composing.ts";
import { drafts } from "../features/conversations/useDraft.ts";
import { useStore } from "../lib/store.ts";
import { takeUpdate } from "../lib/worker.ts";
import { outbox } from "../live/connection.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { keptBack } from "./keptBack.ts";
import styles from "./Shell.module.css";

/** A new version waits; it takes over when the person says so and nothing can be lost by it. */
export function UpdateBar({ close }: { close(): void }) {
  const [asked, setAsked] = useState(false);
  const unsent = useStore(outbox.store, (all) => all);
  const unsaved = useStore(drafts.unsaved, (all) => all);
  const writing = useStore(composing, (all) => all);
  const back = keptBack(unsent, unsaved, writing);
  useEffect(() => {
    if (!asked) return;
    if (back === "") takeUpdate();
    else drafts.flush();
    // Only what is waited for counts here, not every letter of it.
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
