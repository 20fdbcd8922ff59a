import { useStore } from "../../lib/store.ts";
import { callName, listed } from "../../lib/text.ts";
import { typing } from "../../live/presence.ts";
import styles from "./TypingLine.module.css";

export function TypingLine({ conversationId }: { conversationId: string }) {
  const people = useStore(typing, (all) => all[conversationId]);
  const names = Object.values(people ?? {}).map((t) => callName(t.name));
  return (
    <div className={styles["typingBox"]} role="status" hidden={names.length === 0}>
      {names.length > 0 && (
        <p className={styles["typing"]}>
          <span className={styles["dots"]} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {names.length > 3 ? "Several people are" : `${listed(names)} ${names.length === 1 ? "is" : "are"}`}{" "}
          typing
        </p>
      )}
    </div>
  );
}
