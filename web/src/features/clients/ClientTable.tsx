import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Client } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { listTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Email } from "../../ui/Email.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { cx } from "../../ui/cx.ts";
import { Name } from "../../ui/Name.tsx";
import styles from "./Clients.module.css";

interface TableProps {
  items: readonly Client[];
  total: number;
  /** Asks for the next page; called often, so it must be cheap when there is none. */
  more(): void;
}

/** Thousands of clients: only the rows in sight are in the page. */
export function ClientTable({ items, total, more }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 61,
    getItemKey: (i) => items[i]?.id ?? i,
    overscan: 10,
  });
  const rows = virtual.getVirtualItems();
  const last = rows[rows.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 15) more();
  }, [last, items.length, more]);
  return (
    <div role="table" aria-label="Clients" aria-rowcount={total + 1} style={{ display: "contents" }}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={cx(styles["row"], styles["titles"])}>
          <span role="columnheader">Name</span>
          <span role="columnheader">Group</span>
          <span role="columnheader">Primary provider</span>
          <span role="columnheader">Last seen</span>
          <span role="columnheader">Account</span>
        </div>
      </div>
      <div ref={scroller} className={styles["scroller"]} role="rowgroup" tabIndex={-1}>
        <div className={styles["window"]} style={{ height: virtual.getTotalSize() }} role="presentation">
          {rows.map((row) => {
            const client = items[row.index];
            return (
              client && (
                <div
                  key={row.key}
                  ref={virtual.measureElement}
                  data-index={row.index}
                  role="row"
                  aria-rowindex={row.index + 2}
                  className={cx(styles["row"], styles["item"])}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <Cells client={client} />
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({ client: c }: { client: Client }) {
  const off = !c.chat_access.direct;
  return (
    <>
      <div role="cell" className={styles["who"]}>
        <Avatar name={c.name} size={36} off={off} />
        <div>
          <Link href={`/clients/${c.id}`}>
            <Name name={c.name} off={off} />
          </Link>
          <small>{c.email ? <Email address={c.email} /> : "No email"}</small>
        </div>
      </div>
      <div role="cell" className={styles["cell"]}>
        {c.group_name ?? <span className={styles["quiet"]}>No group</span>}
      </div>
      <div role="cell" className={styles["cell"]}>
        {c.provider_name}
      </div>
      <div role="cell" className={styles["quiet"]}>
        {c.last_seen_at ? listTime(c.last_seen_at) : "Not yet"}
      </div>
      <div role="cell">
        <AccountTag client={c} />
      </div>
    </>
  );
}

export function AccountTag({ client: c }: { client: Pick<Client, "invited" | "state"> }) {
  if (c.state === "archived") return <Tag icon="archive">Archived</Tag>;
  if (c.invited === "joined") return <Tag tone="pine">Joined</Tag>;
  return c.invited === "invited" ? <Tag tone="info">Invited</Tag> : <Tag tone="amber">Not invited</Tag>;
}
