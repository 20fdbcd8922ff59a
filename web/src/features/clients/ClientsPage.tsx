import { lazy, Suspense, useMemo } from "react";
import { useGroups, useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import { useRested } from "../../lib/hooks.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Search } from "../../ui/Field.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import styles from "./Clients.module.css";
import { ClientTable } from "./ClientTable.tsx";
import { useClients } from "./queries.ts";

const AddClientDialog = lazy(async () => ({
  default: (await import("./AddClientDialog.tsx")).AddClientDialog,
}));

/** All clients one may see, to search and filter. */
export function ClientsPage() {
  const me = useMe();
  const mayAdd = can(me, "manage_clients");
  const adding = useParam("add") !== "";
  const filter = useFilter();
  const clients = useClients(filter);
  const items = useMemo(() => clients.data?.pages.flatMap((p) => p.items ?? []) ?? [], [clients.data]);
  const total = clients.data?.pages[0]?.total ?? 0;
  return (
    <main id="main" className={styles["page"]} tabIndex={-1}>
      <div className={styles["head"]}>
        <div>
          <h1>Clients</h1>
          <p role="status">
            {clients.data ? `${count(total, "client")}${filtered(filter) ? " found" : ""}` : "\u00a0"}
          </p>
        </div>
        <ButtonLink icon="users-round" href="/clients/groups">
          Groups
        </ButtonLink>
        {mayAdd && (
          <Button look="primary" icon="user-plus" onClick={() => setParams({ add: "1" }, { replace: false })}>
            Add client
          </Button>
        )}
      </div>
      <FilterBar />
      <div className={styles["box"]}>
        {clients.isPending ? (
          <ListSkeleton rows={10} label="Loading clients" />
        ) : clients.isError && items.length === 0 ? (
          <Failed what="the clients" error={clients.error} retry={() => void clients.refetch()} />
        ) : items.length === 0 ? (
          <Nothing q={filter.q} filtered={filtered(filter)} />
        ) : (
          <ClientTable
            items={items}
            total={total}
            more={() => {
              if (clients.hasNextPage && !clients.isFetchingNextPage) void clients.fetchNextPage();
            }}
          />
        )}
      </div>
      {adding && mayAdd && (
        <Suspense>
          <AddClientDialog close={() => setParams({ add: "" })} />
        </Suspense>
      )}
    </main>
  );
}

function useFilter() {
  const q = useRested(useParam("q").trim(), 250);
  const group = useParam("group");
  const provider = useParam("provider");
  const state = useParam("state") === "archived" ? ("archived" as const) : ("active" as const);
  return { q, group, provider, state };
}

function filtered(f: ReturnType<typeof useFilter>): boolean {
  return Boolean(f.q || f.group || f.provider) || f.state === "archived";
}

function FilterBar() {
  const q = useParam("q");
  const { data: groups } = useGroups();
  const { data: staff } = useStaff();
  return (
    <div className={styles["bar"]} role="search">
      <Search
        lined
        label="Search clients"
        placeholder="Search names and email"
        value={q}
        onChange={(v) => setParams({ q: v })}
      />
      <Select param="group" label="Group" all="Every group" options={groups ?? []} />
      <Select param="provider" label="Primary provider" all="Every provider" options={staff ?? []} />
      <Select param="state" label="State" all="Active" options={[{ id: "archived", name: "Archived" }]} />
    </div>
  );
}

interface SelectProps {
  param: string;
  label: string;
  all: string;
  options: readonly { id: string; name: string }[];
}

function Select({ param, label, all, options }: SelectProps) {
  const value = useParam(param);
  return (
    <select
      className={styles["select"]}
      aria-label={label}
      value={options.some((o) => o.id === value) ? value : ""}
      onChange={(event) => setParams({ [param]: event.target.value })}
    >
      <option value="">{all}</option>
      {options.map((o) => (
        <option key={o.id} value={o.id}>
          {o.name}
        </option>
      ))}
    </select>
  );
}

function Nothing({ q, filtered }: { q: string; filtered: boolean }) {
  if (q) {
    return (
      <Empty small title={`Nothing found for “${q}”.`}>
        Try a name or fewer words.
      </Empty>
    );
  }
  return filtered ? (
    <Empty small title="No clients here.">
      Try another group, provider or state.
    </Empty>
  ) : (
    <Empty small title="No clients yet.">
      Clients you add will be listed here.
    </Empty>
  );
}
