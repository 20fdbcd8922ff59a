import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useGroups } from "../../api/directory.ts";
import type { AccessFilter, AccessRow } from "../../api/types.ts";
import { phone, useMedia } from "../../lib/hooks.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { Button, ButtonAnchor } from "../../ui/Button.tsx";
import { Page } from "../../ui/Page.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { TableBox } from "../../ui/Table.tsx";
import { undoLast } from "../../ui/toast.ts";
import { AccessTable } from "./AccessTable.tsx";
import type { Bulk } from "./bulk.ts";
import { BulkBar } from "./BulkBar.tsx";
import { useAccessList } from "./bulkQueries.ts";
import { exportHref, type Filter, matchAll, useFilter } from "./filter.ts";
import { Facets, FilterBar } from "./FilterBar.tsx";
import { filterOf, nobody, type Selection, size } from "./selection.ts";
import { totalOf } from "../../lib/total.ts";

const PreviewDialog = lazy(async () => ({ default: (await import("./PreviewDialog.tsx")).PreviewDialog }));
const BulkDialog = lazy(async () => ({
  default: (await import("./notifications/BulkDialog.tsx")).BulkDialog,
}));
const ChangesSheet = lazy(async () => ({ default: (await import("./ChangesSheet.tsx")).ChangesSheet }));
const ImportDialog = lazy(async () => ({ default: (await import("./ImportDialog.tsx")).ImportDialog }));

/** The Chat Access centre: every client with both switches, one by one or many at once. */
export function AccessPage() {
  const filter = useFilter();
  const list = useAccessList(filter);
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items ?? []) ?? [], [list.data]);
  const first = list.data?.pages[0];
  const total = totalOf(
    { count: first?.total ?? 0, more: !!first?.total_more },
    rows.length,
    list.hasNextPage,
  );
  const [selection, setSelection] = useSelection(filter);
  const [asked, setAsked] = useState<{ bulk: Bulk; always: boolean } | null>(null);
  const [told, setTold] = useState<{ clients: AccessFilter; about: string | null } | null>(null);
  const open = useParam("open");
  const about = useAbout(filter, selection, rows);
  useUndoKey();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const closePanel = () => setParams({ open: "" });
  const change = (what: Pick<Bulk, "direct" | "community">, always: boolean) =>
    setAsked({ bulk: { filter: filterOf(selection), place: "own", about, ...what }, always });
  const chosen = size(selection);
  const onPhone = useMedia(phone); // where the box that chooses all is not in sight
  const beyond = total.more || total.count > (onPhone ? chosen.count : rows.length);
  return (
    <Page
      fill
      title="Chat Access"
      lede="Who can message, who can take part in community chats, and where each setting comes from."
      actions={<Actions filter={filter} />}
    >
      <Facets filter={filter} />
      <FilterBar filter={filter} shown={rows.length} total={total} />
      <TableBox>
        {list.isPending ? (
          <ListSkeleton label="Loading clients" />
        ) : list.isError && rows.length === 0 ? (
          <Failed what="chat access" error={list.error} retry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          <Empty small title="No client fits.">
            Try another filter or fewer words.
          </Empty>
        ) : (
          <AccessTable
            rows={rows}
            total={total}
            selection={selection}
            select={setSelection}
            more={more}
            key={JSON.stringify(filter)}
          />
        )}
      </TableBox>
      {chosen.count > 0 && (
        <BulkBar
          count={chosen}
          rest={selection.mode === "some" && beyond ? total : null}
          all={matchAll(filter)}
          selectAll={(fits) => setSelection({ mode: "all", filter: fits, total })}
          clear={() => setSelection(nobody)}
          change={change}
          notifications={() => setTold({ clients: filterOf(selection), about })}
        />
      )}
      <Suspense>
        {asked && (
          <PreviewDialog
            bulk={asked.bulk}
            always={asked.always}
            close={() => setAsked(null)}
            applied={() => setSelection(nobody)}
          />
        )}
        {told && <BulkDialog {...told} close={() => setTold(null)} applied={() => setSelection(nobody)} />}
        {open === "changes" && <ChangesSheet close={closePanel} />}
        {open === "import" && <ImportDialog close={closePanel} />}
      </Suspense>
    </Page>
  );
}

function Actions({ filter }: { filter: Filter }) {
  const show = (what: string) => setParams({ open: what }, { replace: false });
  return (
    <>
      <Button className="only-desk" icon="upload" onClick={() => show("import")}>
        Import
      </Button>
      <ButtonAnchor className="only-desk" icon="download" href={exportHref(filter)} download>
        Export
      </ButtonAnchor>
      <Button icon="history" onClick={() => show("changes")}>
        Changes
      </Button>
    </>
  );
}

/** What is chosen belongs to one filter: another list starts with nobody chosen. */
function useSelection(filter: Filter) {
  const key = JSON.stringify(filter);
  const [held, setHeld] = useState<{ key: string; selection: Selection }>({ key, selection: nobody });
  const set = (selection: Selection) => setHeld({ key, selection });
  return [held.key === key ? held.selection : nobody, set] as const;
}

/** Whom a change is for, in the words of its title; null where they are not counted yet. */
function useAbout(filter: Filter, selection: Selection, rows: readonly AccessRow[]): string | null {
  const { data: groups } = useGroups();
  const { count: n, more } = size(selection);
  const only =
    n === 1 && selection.mode === "some" ? rows.find((r) => selection.ids.has(r.client_id)) : undefined;
  if (only) return only.name;
  if (more) return null;
  const group = groups?.find((g) => g.id === filter.group);
  const plainGroup = group && !filter.q && !filter.provider && !filter.source && filter.show === "all";
  if (plainGroup && n === group.client_count) return group.name;
  return `${n.toLocaleString("en-US")} clients`;
}

/** Cmd/Ctrl+Z takes the last change back while its undo is in sight. */
function useUndoKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox]),textarea");
      if (!(event.metaKey || event.ctrlKey) || event.shiftKey || event.key.toLowerCase() !== "z" || typing)
        return;
      if (undoLast()) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
