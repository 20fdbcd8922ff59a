import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useRef, useState } from "react";
import { can, isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { useEndless } from "../../lib/hooks.ts";
import { telHref } from "../../lib/phone.ts";
import { Link, setParams, useParam, withParams } from "../../lib/router.tsx";
import { Button, IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Search } from "../../ui/Field.tsx";
import { ClientNotice } from "../../ui/OffNotice.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { ConversationRow } from "./ConversationRow.tsx";
import {
  emptyWords,
  filterNames,
  inboxHref,
  type ScopeName,
  scopeNames,
  scopeParams,
  useInboxFilter,
} from "./filters.ts";
import styles from "./Inbox.module.css";
import { QueueFilters } from "./team/QueueFilters.tsx";
import { useCounts, type useInbox } from "./queries.ts";

const ScheduledList = lazy(async () => ({
  default: (await import("./writing/ScheduledList.tsx")).ScheduledList,
}));

interface ListProps {
  inbox: ReturnType<typeof useInbox>;
  items: readonly Conversation[];
  selectedId: string;
  searchRef: RefObject<HTMLInputElement | null>;
  openNew(): void;
  mayStart: boolean;
  results: ShowResults;
  bell: ReactNode;
}

/** Shows the messages that a search finds; alone where no conversation was found by its name. */
export type ShowResults = (search: {
  query: string;
  inbox: "own" | "organization";
  alone: boolean;
}) => ReactNode;

/** How many conversations a search shows before the messages that it found. */
const firstFound = 5;

/** The first pane: search, filters and the conversations. */
export function ConversationList(props: ListProps) {
  const { inbox, items, selectedId, searchRef, openNew, mayStart, results, bell } = props;
  const me = useMe();
  const client = isClient(me);
  const q = useParam("q");
  const { scope } = useInboxFilter();
  return (
    <section className={cx(styles["list"], client && styles["client"])} aria-label="Conversations">
      <div className={styles["head"]}>
        <div className={styles["titleRow"]}>
          <h2>{client ? "Chat" : "Inbox"}</h2>
          {bell}
          {mayStart && !client && (
            <Button icon="square-pen" onClick={openNew}>
              New
            </Button>
          )}
          {mayStart && client && (
            <IconButton label="New message" icon="square-pen" iconSize={20} fill round onClick={openNew} />
          )}
        </div>
        <Search
          ref={searchRef}
          label={client ? "Search your conversations" : "Search conversations"}
          placeholder={client ? "Search messages" : "Search people and messages"}
          shortcut={client ? "" : "/"}
          value={q}
          onChange={(value) => setParams({ q: value })}
        />
        {!client && scope !== "scheduled" && <Filters />}
        <Scope />
        {scope === "organization" && <QueueFilters />}
      </div>
      {scope === "scheduled" ? (
        <Suspense fallback={<ListSkeleton label="Loading scheduled messages" />}>
          <ScheduledList />
        </Suspense>
      ) : (
        <Body inbox={inbox} items={items} selectedId={selectedId} results={results} />
      )}
      {client && <ClientFooter />}
    </section>
  );
}

/** Where a new chat would start: that it cannot now, and how to reach care. */
function ClientFooter() {
  const { chat } = useMe();
  const emergency = chat?.notice.emergency ?? "";
  return (
    <footer className={styles["safety"]}>
      {chat && !chat.direct && <ClientNotice notice={chat.notice} compact />}
      {chat?.direct && emergency !== "" && (
        <>
          Messages may be read later. In an emergency,{" "}
          <a href={telHref(emergency) ?? undefined}>call {emergency}</a>.
        </>
      )}
    </footer>
  );
}

function Filters() {
  const { name } = useInboxFilter();
  const { data: counts } = useCounts();
  const search = window.location.search;
  const nav = useRef<HTMLElement>(null);
  // The last ones lie beyond the edge of a narrow list.
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [name]);
  return (
    <nav ref={nav} className={styles["filters"]} aria-label="Filter conversations">
      {filterNames.map(({ id, label }) => (
        <Link
          key={id}
          replace
          href={withParams(window.location.pathname, { show: id === "all" ? "" : id }, search)}
          aria-current={id === name ? "true" : undefined}
        >
          {label}
          {id === "unread" && (counts?.unread_conversations ?? 0) > 0 && (
            <>
              {" "}
              <b>{counts?.unread_conversations}</b>
            </>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** Which conversations are listed; archived and closed ones are apart. */
function Scope() {
  const me = useMe();
  const { scope } = useInboxFilter();
  const offered = scopeNames.filter(({ id }) => id !== "organization" || can(me, "organization_inbox"));
  return (
    <label>
      <span className="sr">Which conversations</span>
      <select
        className={styles["scope"]}
        value={scope}
        onChange={(e) => setParams(scopeParams(e.target.value as ScopeName))}
      >
        {offered.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

type BodyProps = Pick<ListProps, "inbox" | "items" | "selectedId" | "results">;

function Body({ inbox, items, selectedId, results }: BodyProps) {
  const me = useMe();
  const { name, scope, filter } = useInboxFilter();
  const [all, setAll] = useState("");
  const end = useEndless(inbox);

  if (inbox.isPending) return <ListSkeleton label="Loading conversations" />;
  if (inbox.isError && items.length === 0) {
    return <Failed what="your inbox" error={inbox.error} retry={() => void inbox.refetch()} />;
  }
  const searching = filter.q !== "";
  if (items.length === 0 && searching) {
    return (
      <div className={styles["scroller"]}>
        {results({ query: filter.q, inbox: filter.inbox, alone: true })}
      </div>
    );
  }
  if (items.length === 0) {
    if (isClient(me) && !filter.q && scope === "own") {
      return (
        <Empty small title="No messages yet.">
          When your care team writes, you’ll see it here.
        </Empty>
      );
    }
    const words = emptyWords(name, filter.q, scope, filter.queue);
    return (
      <Empty small title={words.title}>
        {words.text}
      </Empty>
    );
  }
  const folded = searching && items.length > firstFound && all !== filter.q;
  return (
    <div className={styles["scroller"]}>
      <ul className={styles["convs"]} aria-label="Conversations">
        {(folded ? items.slice(0, firstFound) : items).map((c) => (
          <ConversationRow
            key={c.id}
            conversation={c}
            me={me}
            selected={c.id === selectedId}
            href={inboxHref(c.id)}
          />
        ))}
      </ul>
      {folded ? (
        <div className={styles["more"]}>
          <Button look="ghost" onClick={() => setAll(filter.q)}>
            Show more conversations
          </Button>
        </div>
      ) : (
        <div ref={end} className={styles["more"]}>
          {inbox.isFetchingNextPage && <span role="status">Loading more…</span>}
        </div>
      )}
      {searching && results({ query: filter.q, inbox: filter.inbox, alone: false })}
    </div>
  );
}
