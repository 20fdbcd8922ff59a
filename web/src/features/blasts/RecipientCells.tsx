import type { BlastRecipient } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { sourceWords, whyLine } from "../../lib/skips.ts";
import { dateTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Name } from "../../ui/Name.tsx";
import { Source } from "../../ui/Source.tsx";
import styles from "./Blasts.module.css";

type CellsProps = { row: BlastRecipient };

/** Someone who was passed over: struck where their chat is off, for one can not write to them. */
export function SkippedCells({ row }: CellsProps) {
  return (
    <>
      <Who row={row} />
      <div role="cell">{whyLine(row)}</div>
      <div role="cell">
        {row.source ? (
          <Source place={row.source}>{sourceWords[row.source]}</Source>
        ) : (
          <small className={styles["quiet"]}>Not a chat setting</small>
        )}
      </div>
    </>
  );
}

/** Someone it was for, with how far it came. */
export function OutcomeCells({ row }: CellsProps) {
  const { icon, words } = outcome(row);
  return (
    <>
      <Who row={row} />
      <div role="cell" className={styles["outcome"]}>
        <Icon name={icon} size={14} />
        {words}
      </div>
      <div role="cell">
        {row.conversation_id ? (
          <Link className="link" href={`/inbox/${row.conversation_id}`}>
            {row.replied_at ? "Read the reply" : "Open"}
            <span className="sr"> with {row.name}</span>
          </Link>
        ) : (
          <small className={styles["quiet"]}>None</small>
        )}
      </div>
    </>
  );
}

function Who({ row }: CellsProps) {
  const off = row.state === "skipped" && row.why === "direct_off";
  return (
    <div role="cell" className={styles["who"]}>
      <Avatar name={row.name} size={32} off={off} />
      <span>
        <Name name={row.name} off={off} />
      </span>
    </div>
  );
}

function outcome(row: BlastRecipient): { icon: IconName; words: string } {
  if (row.state === "skipped") return { icon: "ban", words: `Skipped: ${whyLine(row)}` };
  if (row.state === "pending") return { icon: "clock", words: "Waiting" };
  if (row.replied_at) return { icon: "reply", words: `Replied ${dateTime(row.replied_at)}` };
  if (row.read_at) return { icon: "check-check", words: `Read ${dateTime(row.read_at)}` };
  return { icon: "check", words: "Sent" };
}
