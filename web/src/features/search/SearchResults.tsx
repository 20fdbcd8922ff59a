import { useEffect, useRef } from "react";
import { unreadable, useFound } from "../../api/search.ts";
import type { Found } from "../../api/types.ts";
import { asked } from "../../lib/asked.ts";
import { useRested } from "../../lib/hooks.ts";
import { Link, withParams } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Button } from "../../ui/Button.tsx";
import { HitLines, hitClass } from "../../ui/Hit.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Empty, Failed } from "../../ui/States.tsx";
import { type Group, grouped } from "./groups.ts";
import styles from "./Search.module.css";

interface ResultsProps {
  /** What stands in the search field. */
  query: string;
  /** Whether the organization's conversations are looked through as well; that is recorded. */
  inbox: "own" | "organization";
  /** The message that is open, as conversation and number. */
  selected: string;
  /** Whether no conversation was found by its name either. */
  alone: boolean;
}

/** The messages that a search finds, by conversation. */
export function SearchResults({ query, inbox, selected, alone }: ResultsProps) {
  // What others' conversations say is recorded as read: only once somebody stopped writing.
  const q = useRested(asked(query), inbox === "organization" ? 700 : 0);
  const found = useFound(q, { inbox });
  const { items, looking, hasNextPage, isFetching, fetchNextPage } = found;

  if (q === "") return alone ? <Nothing query={query} /> : null;
  if (found.isError) return <Wrong error={found.error} retry={() => void found.refetch()} />;
  if (!looking && items.length === 0 && !hasNextPage) return alone ? <Nothing query={query} /> : null;
  return (
    <section className={styles["found"]} aria-label="Messages found" aria-busy={looking}>
      <h3 className={styles["head"]}>Messages</h3>
      <p className="sr" role="status">
        {looking
          ? "Searching messages"
          : `${count(items.length, "message")} found${hasNextPage ? ", there are more" : ""}`}
      </p>
      {looking && <p className={styles["note"]}>Searching messages…</p>}
      {grouped(items).map((group) => (
        <Hits key={group.conversation.id} group={group} selected={selected} />
      ))}
      {!looking && hasNextPage && <More busy={isFetching} more={() => void fetchNextPage()} />}
    </section>
  );
}

function Nothing({ query }: { query: string }) {
  return (
    <Empty small title={`Nothing found for “${query.trim()}”.`}>
      Try a name or fewer words.
    </Empty>
  );
}

/** A search that the server does not understand says what is wrong with it. */
function Wrong({ error, retry }: { error: unknown; retry(): void }) {
  const detail = unreadable(error);
  if (!detail) return <Failed what="messages" error={error} retry={retry} />;
  return (
    <Empty small title="This search can’t be read yet">
      {detail}
    </Empty>
  );
}

function Hits({ group, selected }: { group: Group; selected: string }) {
  const { conversation: c, hits } = group;
  return (
    <section aria-label={c.title || "Conversation"}>
      <h4 className={styles["title"]}>
        {c.kind !== "direct" && <Icon name={c.kind === "internal" ? "lock" : "users-round"} size={14} />}
        <span className="clip">{c.title || "Conversation"}</span>
      </h4>
      <ul>
        {hits.map((hit) => (
          <li key={hit.message.id}>
            <Hit hit={hit} selected={selected === `${c.id}/${hit.message.seq}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Hit({ hit, selected }: { hit: Found; selected: boolean }) {
  const { message: m, conversation: c } = hit;
  const href = withParams(`/inbox/${c.id}`, { m: String(m.seq) }, window.location.search);
  return (
    <Link className={hitClass} href={href} aria-current={selected ? "true" : undefined}>
      <HitLines hit={hit} />
    </Link>
  );
}

/** Older results come when the end is near, or when somebody asks. */
function More({ busy, more }: { busy: boolean; more(): void }) {
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(more);
  useEffect(() => {
    latest.current = more;
  });
  useEffect(() => {
    if (!mark.current || busy) return;
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && latest.current(), {
      rootMargin: "200px",
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <div ref={mark} className={styles["more"]}>
      <Button onClick={more} disabled={busy}>
        {busy ? "Searching…" : "Search older messages"}
      </Button>
    </div>
  );
}
