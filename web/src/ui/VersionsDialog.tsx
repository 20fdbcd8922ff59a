import { explain } from "../api/client.ts";
import { dateTime } from "../lib/time.ts";
import { Tag } from "./Badge.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./VersionsDialog.module.css";

// Import this file only lazily, like Dialog.tsx.

/** What something said at a time, and who had it say so. */
export interface Version {
  at: string;
  who: string;
  body: string;
}

interface VersionsProps {
  /** How it is; null where it is deleted. */
  now: Version | null;
  /** How it was, the latest first. */
  before: readonly Version[];
  error: unknown;
  close(): void;
}

/** What something said before, for staff who may read the audit log. */
export function VersionsDialog({ now, before, error, close }: VersionsProps) {
  return (
    <Dialog title="Earlier versions" close={close}>
      <p className="muted">Looking at this is recorded in the audit log.</p>
      {error !== null && <p role="alert">{explain(error)}</p>}
      <ol className={styles["versions"]}>
        {now && <Said version={now} now />}
        {before.map((v) => (
          <Said key={v.at} version={v} />
        ))}
      </ol>
    </Dialog>
  );
}

function Said({ version: { at, who, body }, now }: { version: Version; now?: boolean }) {
  return (
    <li>
      <p className="muted">
        {who} · {dateTime(at)} {now && <Tag tone="pine">Now</Tag>}
      </p>
      <p className={styles["body"]}>{body}</p>
    </li>
  );
}
