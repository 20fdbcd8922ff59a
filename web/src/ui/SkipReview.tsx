import { useUnavailable } from "../api/blasts.ts";
import type { BlastUnavailable, Recipients } from "../api/types.ts";
import { whySentence } from "../lib/skips.ts";
import { count } from "../lib/text.ts";
import { Avatar } from "./Avatar.tsx";
import { Button } from "./Button.tsx";
import { Name } from "./Name.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./SkipNotice.module.css";
import { ListSkeleton, Problem } from "./States.tsx";

// Import this file only lazily: it brings react-aria.

interface ReviewProps {
  recipients: Recipients;
  total: number;
  close(): void;
}

/** Everyone whom a blast would pass over, by name, and why. */
export function SkipReview({ recipients, total, close }: ReviewProps) {
  const query = useUnavailable(recipients);
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Dialog title={`${count(total, "client")} will be skipped`} close={close}>
      <p className="muted">No message is made for them, and they are not told.</p>
      {query.isPending && <ListSkeleton rows={3} label="Loading names" />}
      <Problem error={query.error} />
      <ul className={styles["list"]} aria-label="Will be skipped">
        {rows.map((row) => (
          <Skipped key={row.client_id} row={row} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more names
        </Button>
      )}
    </Dialog>
  );
}

function Skipped({ row }: { row: BlastUnavailable }) {
  return (
    <li>
      <Avatar name={row.name} size={34} off />
      <span>
        <b>
          <Name name={row.name} off />
        </b>
        <small>{whySentence(row)}</small>
      </span>
    </li>
  );
}
