import { useState } from "react";
import type { Blast } from "../../api/types.ts";
import { useEndless, useRested } from "../../lib/hooks.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Search } from "../../ui/Field.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { BlastRow } from "./BlastRow.tsx";
import styles from "./Blasts.module.css";
import { useBlastList } from "./queries.ts";
import { sectionOf } from "./words.ts";

const sections = ["Now", "Scheduled", "Sent"] as const;

interface ListProps {
  selected: string;
  mayWrite: boolean;
}

/** The first pane: search, and the blasts by what is happening with them. */
export function BlastList({ selected, mayWrite }: ListProps) {
  const [text, setText] = useState("");
  const q = useRested(text.trim(), 250);
  const lists = useLists(q);
  return (
    <section className={styles["list"]} aria-label="Message Blasts">
      <div className={styles["listHead"]}>
        <div className={styles["titleRow"]}>
          <h2>Blasts</h2>
          {mayWrite && (
            <ButtonLink icon="square-pen" href="/blasts/new">
              New
            </ButtonLink>
          )}
        </div>
        <Search label="Search blasts" placeholder="Search blasts" value={text} onChange={setText} />
      </div>
      <Body lists={lists} q={q} selected={selected} />
    </section>
  );
}

/** What is under way and what is planned are asked for by themselves: however old they are, they stand first. */
function useLists(q: string) {
  const sending = useBlastList("sending", q);
  const paused = useBlastList("paused", q);
  const scheduled = useBlastList("scheduled", q);
  const all = useBlastList("", q);
  const parts = [sending, paused, scheduled, all];
  const found = new Map<string, Blast>();
  // The list of all was asked last, so its word counts where two differ.
  for (const part of parts)
    for (const b of part.data?.pages.flatMap((p) => p.items ?? []) ?? []) found.set(b.id, b);
  const items = [...found.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
  return { all, items, pending: parts.some((p) => p.isPending) };
}

interface BodyProps {
  lists: ReturnType<typeof useLists>;
  q: string;
  selected: string;
}

function Body({ lists: { all, items, pending }, q, selected }: BodyProps) {
  const end = useEndless(all);
  if (pending && items.length === 0) return <ListSkeleton label="Loading blasts" rows={5} />;
  if (all.isError && items.length === 0)
    return <Failed what="your blasts" error={all.error} retry={() => void all.refetch()} />;
  if (items.length === 0)
    return q ? (
      <Empty small title={`Nothing found for “${q}”.`}>
        Try fewer words.
      </Empty>
    ) : (
      <Empty small title="No blasts yet.">
        Blasts you send or schedule will be listed here.
      </Empty>
    );
  return (
    <nav className={styles["scroller"]} aria-label="Blasts">
      {sections.map((section) => (
        <Section
          key={section}
          name={section}
          items={items.filter((b) => sectionOf(b) === section)}
          selected={selected}
        />
      ))}
      <div ref={end} className={styles["more"]}>
        {all.isFetchingNextPage && <span role="status">Loading more…</span>}
      </div>
    </nav>
  );
}

function Section({ name, items, selected }: { name: string; items: readonly Blast[]; selected: string }) {
  if (items.length === 0) return null;
  const sorted = name === "Scheduled" ? [...items].sort(bySendAt) : items;
  return (
    <>
      <h3>{name}</h3>
      <ul aria-label={name}>
        {sorted.map((b) => (
          <BlastRow key={b.id} blast={b} selected={b.id === selected} />
        ))}
      </ul>
    </>
  );
}

function bySendAt(a: Blast, b: Blast): number {
  return (a.send_at ?? "").localeCompare(b.send_at ?? "");
}
