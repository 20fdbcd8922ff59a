import { useMe } from "../api/session.ts";
import type { Found } from "../api/types.ts";
import { count } from "../lib/text.ts";
import { dateTime, listTime } from "../lib/time.ts";
import styles from "./Hit.module.css";

/** Of the link or the button that opens a message found. */
export const hitClass = styles["hit"];

/** A message found: whose, when, and its words with those marked that were looked for. */
export function HitLines({ hit: { message: m, snippet } }: { hit: Found }) {
  const me = useMe();
  return (
    <>
      <span className={styles["top"]}>
        <span className="clip">{m.author.id === me.user.id ? "You" : m.author.name}</span>
        <time dateTime={m.created_at} title={dateTime(m.created_at)}>
          {listTime(m.created_at)}
        </time>
      </span>
      <span className={styles["text"]}>
        {snippet.length === 0 && <i>{count(m.attachments.length, "file")}</i>}
        {snippet.map((part, i) =>
          part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
        )}
      </span>
    </>
  );
}
