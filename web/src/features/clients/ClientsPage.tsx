import { lazy, Suspense, useMemo } from "react";
import { useGroups, useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import { useRested } from "../../lib/hooks.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { totalOf, totalWords } from "../../lib/total.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Pick, Search } from "../../ui/Field.tsx";
import { Filters } from "../../ui/Filters.tsx";
import { Page } from "../../ui/Page.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { TableBox } from "../../ui/Table.tsx";
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
  const first = clients.data?.pages[0];
  const total = totalOf(
    { count: first?.total ?? 0, more: !!first?.total_more },
    items.length,
    clients.hasNextPage,
  );
  const many = total.more ? `${totalWords(total)} clients` : count(total.count, "client");
  return (
    <Page
      fill
      title="Clients"
      lede={
        <span role="status">{clients.data ? `${many}${filtered(filter) ? " found" : ""}` : "\u00a0"}</span>
      }
      actions={
        <>
          <ButtonLink icon="users-round" href="/clients/groups">
            Groups
          </ButtonLink>
          {mayAdd && (
            <Button
              look="primary"
              icon="user-plus"
              onClick={() => setParams({ add: "1" }, { replace: false })}
            >
              Add client
            </Button>
          )}
        </>
      }
    >
      <FilterBar />
      <TableBox>
        {clients.isPending ? (
          <ListSkeleton rows={10} label="Loading clients" />
        ) : clients.isError && items.length === 0 ? (
          <Failed what="the clients" error={clients.error} retry={() => void clients.refetch()} />
        ) : items.length === 0 ? (
          <Nothing q={filter.q} filtered={filtered(filter)} />
        ) : (
          <ClientTable
            items={items}
            total={total.more ? null : total.count}
            more={() => {
              if (clients.hasNextPage && !clients.isFetchingNextPage) void clients.fetchNextPage();
            }}
          />
        )}
      </TableBox>
      {adding && mayAdd && (
        <Suspense>
          <AddClientDialog close={() => setParams({ add: "" })} />
        </Suspense>
      )}
    </Page>
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
  const [q, group, provider, state] = [
    useParam("q"),
    useParam("group"),
    useParam("provider"),
    useParam("state"),
  ];
  const { data: groups } = useGroups();
  const { data: staff } = useStaff();
  return (
    <Filters
      label="Find clients"
      search={
        <Search
          lined
          label="Search clients"
          placeholder="Search names and email"
          value={q}
          onChange={(v) => setParams({ q: v })}
        />
      }
      narrowed={[group, provider, state].filter(Boolean).length}
    >
      <Param param="group" label="Group" options={groups ?? []} />
      <Param param="provider" label="Primary provider" options={staff ?? []} />
      <Param param="state" label="State" any="Active" options={[{ id: "archived", name: "Archived" }]} />
    </Filters>
  );
}

interface ParamProps {
  param: string;
  label: string;
  any?: string;
  options: readonly { id: string; name: string }[];
}

/** A filter that is kept in the address. */
function Param({ param, options, ...rest }: ParamProps) {
  const value = useParam(param);
  return (
    <Pick
      {...rest}
      value={value}
      options={options.map((o) => [o.id, o.name])}
      choose={(chosen) => setParams({ [param]: chosen })}
    />
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
