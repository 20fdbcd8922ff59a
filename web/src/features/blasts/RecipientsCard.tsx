import { type ReactNode, useCallback, useState } from "react";
import type { Blast, BlastRecipient } from "../../api/types.ts";
import { phone, useMedia, useRested } from "../../lib/hooks.ts";
import { type Why, whyWords } from "../../lib/skips.ts";
import { ButtonAnchor } from "../../ui/Button.tsx";
import { Search } from "../../ui/Field.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { VirtualTable } from "../../ui/Table.tsx";
import styles from "./Blasts.module.css";
import { outcomeHref, type RecipientFilter, useRecipients } from "./queries.ts";
import { OutcomeCells, SkippedCells } from "./RecipientCells.tsx";
import { type Facet, Facets } from "./Facets.tsx";

const whys: readonly Why[] = ["direct_off", "no_account", "archived", "forbidden", "failed", "cancelled"];

/** Who was passed over, and why. */
export function SkippedCard({ blast: b }: { blast: Blast }) {
  const [why, setWhy] = useState<Why | "">("");
  const facets: Facet[] = [
    { id: "", label: "All", count: b.skipped },
    ...whys
      .map((id) => ({ id, label: whyWords[id], count: b.skipped_why[id] ?? 0 }))
      .filter((f) => f.count > 0),
  ];
  return (
    <section className={styles["card"]} aria-labelledby="blast-skipped">
      <header>
        <div>
          <h2 id="blast-skipped">Skipped · {b.skipped.toLocaleString("en-US")}</h2>
          <p>No message was made for these clients, and they were not told about this blast.</p>
        </div>
        <Csv id={b.id} />
      </header>
      {facets.length > 2 && (
        <Facets
          label="Why they were skipped"
          facets={facets}
          chosen={why}
          choose={(id) => setWhy(id as Why | "")}
        />
      )}
      <Rows
        key={why}
        blast={b}
        label="Skipped clients"
        titles={["Client", "Why", "Setting from"]}
        filter={{ state: "skipped", ...(why && { why }) }}
        total={facets.find((f) => f.id === why)?.count ?? null}
        Cells={SkippedCells}
      />
    </section>
  );
}

function Csv({ id }: { id: string }) {
  return (
    <ButtonAnchor size="small" icon="download" href={outcomeHref(id)} download>
      CSV
    </ButtonAnchor>
  );
}

const filters: Record<string, RecipientFilter> = {
  "": {},
  sent: { state: "sent" },
  read: { read: true },
  replied: { replied: true },
  pending: { state: "pending" },
};

/** Everyone it was for, with what became of it. */
export function RecipientsCard({ blast: b }: { blast: Blast }) {
  const [show, setShow] = useState("");
  const [text, setText] = useState("");
  const q = useRested(text.trim(), 250);
  const facets: Facet[] = [
    { id: "", label: "All", count: b.total },
    { id: "sent", label: "Sent", count: b.sent },
    { id: "read", label: "Read", count: b.read },
    { id: "replied", label: "Replied", count: b.replied },
    { id: "pending", label: "Waiting", count: b.pending },
  ].filter((f) => f.id === "" || f.count > 0 || f.id === show);
  return (
    <section className={styles["card"]} aria-labelledby="blast-recipients">
      <header>
        <div>
          <h2 id="blast-recipients">Recipients · {b.total.toLocaleString("en-US")}</h2>
          {b.skipped === 0 && b.pending === 0 && <p>Nobody was skipped.</p>}
        </div>
        {b.skipped === 0 && <Csv id={b.id} />}
      </header>
      <div className={styles["tools"]}>
        <Facets label="Filter the recipients" facets={facets} chosen={show} choose={setShow} />
        <Search
          label="Search recipients"
          placeholder="Search recipients"
          lined
          value={text}
          onChange={setText}
        />
      </div>
      <Rows
        key={`${show} ${q}`}
        blast={b}
        label="Recipients"
        titles={["Client", "State", "Conversation"]}
        filter={{ ...filters[show], ...(q && { q }) }}
        total={q ? null : (facets.find((f) => f.id === show)?.count ?? null)}
        Cells={OutcomeCells}
      />
    </section>
  );
}

interface RowsProps {
  blast: Blast;
  label: string;
  titles: readonly string[];
  filter: RecipientFilter;
  total: number | null;
  Cells(props: { row: BlastRecipient }): ReactNode;
}

/** So many rows are in sight before one scrolls. */
const shown = 8;

function Rows({ blast, label, titles, filter, total, Cells }: RowsProps) {
  const list = useRecipients(blast.id, filter);
  const rows = list.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  const onPhone = useMedia(phone);
  const estimate = onPhone ? 99 : 58;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (list.isPending) return <ListSkeleton rows={3} label={`Loading ${label.toLowerCase()}`} />;
  if (list.isError && rows.length === 0)
    return <Failed what="the recipients" error={list.error} retry={() => void list.refetch()} />;
  if (rows.length === 0)
    return (
      <Empty small title={filter.q ? `Nothing found for “${filter.q}”.` : "Nobody here."}>
        {filter.q ? "Try a name or fewer words." : "Choose another part of the list."}
      </Empty>
    );
  return (
    <div
      className={styles["rows"]}
      style={{ height: (onPhone ? 2 : 41) + Math.min(rows.length, shown) * estimate }}
    >
      <VirtualTable
        label={label}
        titles={titles}
        rows={rows}
        total={total}
        idOf={(row) => row.client_id}
        estimate={estimate}
        columns={styles["cols"]}
        marks={(row) => ({ "data-client-id": row.client_id, "data-state": row.state })}
        more={more}
      >
        {(row) => <Cells row={row} />}
      </VirtualTable>
    </div>
  );
}
