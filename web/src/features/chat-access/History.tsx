import { dateTime } from "../../lib/time.ts";
import { Failed, ListSkeleton } from "../../ui/States.tsx";
import styles from "./Panel.module.css";
import type { useHistory } from "./queries.ts";
import { historyLines } from "./words.ts";

/** Everything that was ever changed about one client's chat access, newest first. */
export function History({ history, name }: { history: ReturnType<typeof useHistory>; name: string }) {
  const rows = history.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  return (
    <section aria-label="History">
      <h3>History</h3>
      {history.isPending ? (
        <ListSkeleton rows={2} label="Loading the history" />
      ) : history.isError && rows.length === 0 ? (
        <Failed what="the history" error={history.error} retry={() => void history.refetch()} />
      ) : rows.length === 0 ? (
        <p className="muted">Nothing was changed yet.</p>
      ) : (
        <ol className={styles["timeline"]}>
          {historyLines(rows, name).map((line) => (
            <li key={line.key}>
              <div>
                <b>{line.strong}</b>
                {line.rest}
                <p>{line.by}</p>
              </div>
              <time dateTime={line.at}>{dateTime(line.at)}</time>
            </li>
          ))}
        </ol>
      )}
      {history.hasNextPage && (
        <button
          type="button"
          className="link"
          disabled={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show earlier changes
        </button>
      )}
    </section>
  );
}
