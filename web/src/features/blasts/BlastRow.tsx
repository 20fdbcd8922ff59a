import type { Blast } from "../../api/types.ts";
import { useMe } from "../../api/session.ts";
import { Link } from "../../lib/router.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Bar } from "../../ui/Bar.tsx";
import styles from "./Blasts.module.css";
import { isStarting, lineWords, rowTime, soonWords, stateTones, stateWords, toSend } from "./words.ts";

/** One blast in the list; its accessible name starts with its title. */
export function BlastRow({ blast: b, selected }: { blast: Blast; selected: boolean }) {
  const running = b.state === "sending" || b.state === "paused";
  return (
    <li>
      <Link
        className={styles["row"]}
        href={`/blasts/${b.id}`}
        aria-current={selected ? "true" : undefined}
        data-blast-id={b.id}
      >
        <span className={styles["rowTop"]}>
          <b className="clip">{b.title}</b>
          <Mark blast={b} />
        </span>
        <small>{lineWords(b)}</small>
        {running && <Bar thin done={b.sent} of={toSend(b)} />}
      </Link>
    </li>
  );
}

function Mark({ blast: b }: { blast: Blast }) {
  const zone = useMe().organization.time_zone;
  if (b.state === "scheduled" && b.send_at)
    return (
      <Tag tone="info">
        <span className="sr">Scheduled for </span>
        {soonWords(b.send_at, zone)}
      </Tag>
    );
  if (isStarting(b)) return <Tag tone="pine">Starting</Tag>;
  if (b.state === "sent" || b.state === "cancelled")
    return <time dateTime={b.finished_at ?? b.created_at}>{rowTime(b)}</time>;
  return <Tag tone={stateTones[b.state]}>{stateWords[b.state]}</Tag>;
}
