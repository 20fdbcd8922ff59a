import type { Client } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { listTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Email } from "../../ui/Email.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Name } from "../../ui/Name.tsx";
import { VirtualTable } from "../../ui/Table.tsx";
import styles from "./Clients.module.css";

interface TableProps {
  items: readonly Client[];
  /** null where they are not counted. */
  total: number | null;
  /** Asks for the next page; called often, so it must be cheap when there is none. */
  more(): void;
}

const titles = ["Name", "Group", "Primary provider", "Last seen", "Account"];

/** Every client that fits, one a row. */
export function ClientTable({ items, total, more }: TableProps) {
  return (
    <VirtualTable
      label="Clients"
      titles={titles}
      rows={items}
      total={total}
      idOf={(client) => client.id}
      estimate={61}
      columns={styles["row"]}
      more={more}
    >
      {(client) => <Cells client={client} />}
    </VirtualTable>
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
      <div role="cell">{c.group_name ?? <span className={styles["quiet"]}>No group</span>}</div>
      <div role="cell">{c.provider_name}</div>
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
