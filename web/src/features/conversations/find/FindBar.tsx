import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { unreadable, useFound } from "../../../api/search.ts";
import type { Conversation, Found } from "../../../api/types.ts";
import { asked } from "../../../lib/asked.ts";
import { useRested } from "../../../lib/hooks.ts";
import { count } from "../../../lib/text.ts";
import { Button, IconButton } from "../../../ui/Button.tsx";
import { Search } from "../../../ui/Field.tsx";
import { HitLines, hitClass } from "../../../ui/Hit.tsx";
import { showMessage } from "../shownThread.ts";
import styles from "./Find.module.css";
import { stopFinding } from "./finding.ts";

/** How long writing must rest before it is looked for. */
const rest = 250;

/** Looks for messages in a conversation: a list of them, and the way from one to the next. */
export function FindBar({ conversation: c }: { conversation: Conversation }) {
  const [text, setText] = useState("");
  const q = useRested(asked(text), rest);
  const found = useFound(q, { conversation_id: c.id });
  const { at, go, listed, setListed } = useSteps(q, found.items);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { items, hasNextPage, isFetching, fetchNextPage } = found;
  const more = () => void fetchNextPage();
  const older = () => {
    if (at + 1 < items.length) go(at + 1);
    if (at + 3 > items.length && hasNextPage && !isFetching) more();
  };
  const newer = () => at > 0 && go(at - 1);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    older();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.shiftKey) newer();
    else if (event.key === "Escape") stopFinding();
    else return;
    event.preventDefault();
  };
  const words = wordsFor(q, found, at);
  return (
    <search className={styles["find"]} aria-label="Search in this conversation" onKeyDown={onKey}>
      <form className={styles["bar"]} onSubmit={submit}>
        <Search
          ref={field}
          label="Find in this conversation"
          placeholder="Find in this conversation"
          value={text}
          onChange={setText}
        />
        <span className={styles["count"]} role="status">
          {words}
        </span>
        <IconButton label="Older message" icon="arrow-up" type="submit" disabled={at + 1 >= items.length} />
        <IconButton label="Newer message" icon="arrow-down" disabled={at <= 0} onClick={newer} />
        <IconButton
          label={listed ? "Hide the list" : "Show the list"}
          icon="chevron-down"
          aria-expanded={listed}
          disabled={items.length === 0}
          onClick={() => setListed(!listed)}
        />
        <IconButton label="Close the search" icon="x" iconSize={20} onClick={stopFinding} />
      </form>
      {listed && items.length > 0 && (
        <div className={styles["hits"]}>
          <ul aria-label="Messages found">
            {items.map((hit, i) => (
              <li key={hit.message.id}>
                <Hit hit={hit} current={i === at} choose={() => go(i)} />
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <Button size="small" disabled={isFetching} onClick={more}>
              {isFetching ? "Searching…" : "Search older messages"}
            </Button>
          )}
        </div>
      )}
    </search>
  );
}

/** Which of the messages is shown; going to one puts the list away. */
function useSteps(q: string, items: readonly Found[]) {
  const [at, setAt] = useState(-1);
  const [listed, setListed] = useState(true);
  const [before, setBefore] = useState(q);
  if (q !== before) {
    setBefore(q);
    setAt(-1);
    setListed(true);
  }
  const go = (index: number) => {
    const hit = items[index];
    if (!hit) return;
    setAt(index);
    setListed(false);
    showMessage(hit.message.seq);
  };
  return { at, go, listed, setListed };
}

function wordsFor(q: string, found: ReturnType<typeof useFound>, at: number): string {
  if (q === "") return "";
  if (found.isError) return unreadable(found.error) || "That didn’t work. Try again in a moment.";
  if (found.looking) return "Searching…";
  const n = found.items.length;
  if (n === 0) return found.hasNextPage ? "Nothing among the newer messages" : "Nothing found";
  const total = `${n.toLocaleString("en-US")}${found.hasNextPage ? "+" : ""}`;
  return at < 0 ? (found.hasNextPage ? `${total} messages` : count(n, "message")) : `${at + 1} of ${total}`;
}

function Hit({ hit, current, choose }: { hit: Found; current: boolean; choose(): void }) {
  return (
    <button
      type="button"
      className={hitClass}
      aria-current={current ? "true" : undefined}
      data-found={hit.message.seq}
      onClick={choose}
    >
      <HitLines hit={hit} />
    </button>
  );
}
