import type { Conversation } from "../../api/types.ts";
import { Button } from "../../ui/Button.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./KeptText.module.css";
import { useDraftText } from "./useDraft.ts";

/** What was being written when chat was turned off, or locked: still there, to read, copy, or send once it is on again. */
export function KeptText({ conversation: c, locked }: { conversation: Conversation; locked: boolean }) {
  const text = useDraftText(c);
  if (text.trim() === "") return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  };
  return (
    <section className={styles["kept"]} aria-label="Your text">
      <p role="alert">
        {locked ? "This chat was locked" : "Messaging was turned off"} while you were writing. Your text is
        still here.
      </p>
      <blockquote tabIndex={0}>{text}</blockquote>
      <Button size="small" icon="copy" onClick={() => void copy()}>
        Copy
      </Button>
    </section>
  );
}
