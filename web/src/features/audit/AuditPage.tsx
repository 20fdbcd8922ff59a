import { useMemo } from "react";
import { useGroups, useStaff } from "../../api/directory.ts";
import type { AuditRow } from "../../api/types.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import styles from "./Audit.module.css";
import { useAudit } from "./queries.ts";
import { aboutWord, actionLabel, actions, detailText, type NameOf, tone } from "./words.ts";

/** Who did what, newest first; nothing here can be changed. */
export function AuditPage() {
  const filter = {
    action: useParam("action"),
    actor: useParam("actor"),
    subject: useParam("subject"),
    from: useParam("from"),
    to: useParam("to"),
  };
  const audit = useAudit(filter);
  const rows = useMemo(() => audit.data?.pages.flatMap((p) => p.items ?? []) ?? [], [audit.data]);
  return (
    <Page
      title="Audit log"
      lede="Who signed in, who changed what, and who read what. Entries can’t be edited or removed."
    >
      <Filters rows={rows} />
      <section className={page["card"]} aria-label="Entries">
        {audit.isPending ? (
          <ListSkeleton label="Loading the audit log" />
        ) : audit.isError && rows.length === 0 ? (
          <Failed what="the audit log" error={audit.error} retry={() => void audit.refetch()} />
        ) : rows.length === 0 ? (
          <Empty small title="No entries here.">
            Try another event, person or date.
          </Empty>
        ) : (
          <Table rows={rows} />
        )}
        {audit.hasNextPage && (
          <div className={page["foot"]}>
            <Button disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
              {audit.isFetchingNextPage ? "Loading…" : "Show older entries"}
            </Button>
          </div>
        )}
      </section>
    </Page>
  );
}

function Filters({ rows }: { rows: readonly AuditRow[] }) {
  const action = useParam("action");
  const actor = useParam("actor");
  const subject = useParam("subject");
  const from = useParam("from");
  const to = useParam("to");
  const { data: staff } = useStaff();
  const any = action || actor || subject || from || to;
  const about = rows.find((r) => r.subject?.id === subject)?.subject?.name ?? "one person";
  return (
    <div className={page["bar"]} role="search" aria-label="Filter the audit log">
      <select
        className={styles["select"]}
        aria-label="Event"
        value={action}
        onChange={(e) => setParams({ action: e.target.value })}
      >
        <option value="">Any event</option>
        {[...new Set([...actions, ...(action ? [action] : [])])].map((a) => (
          <option key={a} value={a}>
            {actionLabel(a)}
          </option>
        ))}
      </select>
      <select
        className={styles["select"]}
        aria-label="Person"
        value={actor}
        onChange={(e) => setParams({ actor: e.target.value })}
      >
        <option value="">Anyone</option>
        {(staff ?? []).map((s) => (
          <option key={s.id} value={s.id}>
            {s.name}
          </option>
        ))}
      </select>
      <label className={styles["date"]}>
        From
        <input
          type="date"
          className={styles["select"]}
          value={from}
          max={to || undefined}
          onChange={(e) => setParams({ from: e.target.value })}
        />
      </label>
      <label className={styles["date"]}>
        To
        <input
          type="date"
          className={styles["select"]}
          value={to}
          min={from || undefined}
          onChange={(e) => setParams({ to: e.target.value })}
        />
      </label>
      {subject && <Tag tone="info">About {about}</Tag>}
      {any && (
        <Button
          look="ghost"
          icon="x"
          onClick={() => setParams({ action: "", actor: "", subject: "", from: "", to: "" })}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

function Table({ rows }: { rows: readonly AuditRow[] }) {
  const nameOf = useNames(rows);
  return (
    <table className={page["table"]}>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Who</th>
          <th scope="col">Event</th>
          <th scope="col">About</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={styles["row"]}>
            <td className={styles["time"]}>
              <time dateTime={row.at}>{dateTime(row.at)}</time>
            </td>
            <td className={styles["who"]}>
              <div className={page["who"]}>
                <Avatar
                  name={row.actor.name}
                  size={28}
                  kind={row.actor.kind === "system" ? "system" : "person"}
                />
                {row.actor.name}
              </div>
            </td>
            <td>
              <Tag tone={tone(row.action)}>{actionLabel(row.action)}</Tag>
            </td>
            <td>
              {row.subject.id && row.subject.name ? (
                <button
                  type="button"
                  className={styles["about"]}
                  title="Show only entries about this"
                  onClick={() => setParams({ subject: row.subject.id ?? "" })}
                >
                  {row.subject.name}
                </button>
              ) : (
                <span className="muted">{row.subject.name || aboutWord(row.subject.kind)}</span>
              )}
            </td>
            <td className={styles["detail"]}>
              {detailText(row.details as Record<string, unknown> | null, nameOf)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Names for the ids in details: staff, groups, and whoever else these rows speak of. */
function useNames(rows: readonly AuditRow[]): NameOf {
  const { data: staff } = useStaff();
  const { data: groups } = useGroups();
  return useMemo(() => {
    const names = new Map([...(staff ?? []), ...(groups ?? [])].map((x) => [x.id, x.name]));
    for (const { actor, subject } of rows) {
      if (actor.id) names.set(actor.id, actor.name);
      if (subject.id && subject.name) names.set(subject.id, subject.name);
    }
    return (id) => names.get(id);
  }, [rows, staff, groups]);
}
