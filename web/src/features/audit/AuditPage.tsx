import { useMemo } from "react";
import { useGroups, useStaff } from "../../api/directory.ts";
import type { AuditRow } from "../../api/types.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Pick, PickDay } from "../../ui/Field.tsx";
import { Filters } from "../../ui/Filters.tsx";
import { Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { accessDetail, accessEvent } from "./access.ts";
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
      <AuditFilters rows={rows} />
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

function AuditFilters({ rows }: { rows: readonly AuditRow[] }) {
  const action = useParam("action");
  const actor = useParam("actor");
  const subject = useParam("subject");
  const from = useParam("from");
  const to = useParam("to");
  const { data: staff } = useStaff();
  const any = action || actor || subject || from || to;
  const about = rows.find((r) => r.subject?.id === subject)?.subject?.name ?? "one person";
  return (
    <Filters
      label="Filter the audit log"
      narrowed={[action, actor, subject, from, to].filter(Boolean).length}
    >
      <Pick
        label="Event"
        value={action}
        options={[...new Set([...actions, ...(action ? [action] : [])])].map((a) => [a, actionLabel(a)])}
        choose={(action) => setParams({ action })}
      />
      <Pick
        label="Person"
        any="Anyone"
        value={actor}
        options={(staff ?? []).map((s) => [s.id, s.name])}
        choose={(actor) => setParams({ actor })}
      />
      <PickDay label="From" value={from} max={to || undefined} choose={(from) => setParams({ from })} />
      <PickDay label="To" value={to} min={from || undefined} choose={(to) => setParams({ to })} />
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
    </Filters>
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
          <Row key={row.id} row={row} nameOf={nameOf} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, nameOf }: { row: AuditRow; nameOf: NameOf }) {
  const { action, actor } = row;
  const details = row.details as Record<string, unknown> | null;
  const event = accessEvent(action, details) ?? { label: actionLabel(action), tone: tone(action) };
  return (
    <tr className={styles["row"]}>
      <td className={styles["time"]}>
        <time dateTime={row.at}>{dateTime(row.at)}</time>
      </td>
      <td className={styles["who"]}>
        <div className={page["who"]}>
          <Avatar name={actor.name} size={28} kind={actor.kind === "system" ? "system" : "person"} />
          {actor.name}
        </div>
      </td>
      <td>
        <Tag tone={event.tone}>{event.label}</Tag>
      </td>
      <td>
        <About subject={row.subject} />
      </td>
      <td className={styles["detail"]}>{accessDetail(action, details) ?? detailText(details, nameOf)}</td>
    </tr>
  );
}

function About({ subject }: { subject: AuditRow["subject"] }) {
  const { id, name, kind } = subject;
  if (id && name)
    return (
      <button
        type="button"
        className={styles["about"]}
        title="Show only entries about this"
        onClick={() => setParams({ subject: id })}
      >
        {name}
      </button>
    );
  const word = name || aboutWord(kind);
  return word ? <span className="muted">{word}</span> : null;
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
