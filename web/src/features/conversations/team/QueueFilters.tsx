import { Link, useParam, withParams } from "../../../lib/router.tsx";
import { queueNames } from "../filters.ts";
import styles from "../Inbox.module.css";
import { useCounts } from "../queries.ts";

/** The shared queue of those who may see every client conversation: all of it, what nobody looks after, one's own. */
export function QueueFilters() {
  const part = useParam("queue");
  const queue = useCounts().data?.queue;
  const search = window.location.search;
  const counted = { "": 0, unassigned: queue?.unassigned ?? 0, mine: queue?.mine ?? 0 };
  return (
    <nav className={styles["filters"]} aria-label="Filter the queue">
      {queueNames.map(({ id, label }) => (
        <Link
          key={id}
          replace
          href={withParams(window.location.pathname, { queue: id }, search)}
          aria-current={id === part ? "true" : undefined}
        >
          {label}
          {counted[id] > 0 && (
            <>
              {" "}
              <b>{counted[id]}</b>
            </>
          )}
        </Link>
      ))}
    </nav>
  );
}
