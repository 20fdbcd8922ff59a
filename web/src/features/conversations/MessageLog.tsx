import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import { singleKeysOn } from "../../lib/keys.ts";
import { count } from "../../lib/text.ts";
import { clock } from "../../lib/time.ts";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Bubble } from "./Bubble.tsx";
import { Events } from "./Events.tsx";
import type { MessageActs } from "./messageActs.ts";
import { dayAt, lastOwn, type Receipts, receipt, type Row } from "./rows.ts";
import styles from "./Thread.module.css";
import { nearEnd, type Target, useLogScroll } from "./useLogScroll.ts";

interface LogProps {
  label: string;
  rows: readonly Row[];
  hasMore: boolean;
  /** The rows end before the newest message does. */
  hasNewer: boolean;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Fetches the end of the story. */
  toNewest(): Promise<void>;
  target: Target | null;
  /** New messages that lie further up than what is held; 0 for none. */
  newAbove: number;
  toFirstNew(): void;
  /** How many came while the reader was elsewhere. */
  unread: number;
  named: boolean;
  community: boolean;
  receipts: Receipts;
  /** Grows with every message sent from here: one's own words are always in sight. */
  sent: number;
  acts: MessageActs;
  /** Told whenever the end comes into or goes out of sight. */
  onAtEnd(atEnd: boolean): void;
}

function estimate(row: Row | undefined): number {
  if (!row) return 48;
  if (row.type !== "bubble") return 36;
  const { body, quote, message } = row;
  const reactions = message && message.reactions.length > 0 ? 20 : 0;
  return 42 + Math.floor(body.length / 60) * 21 + (quote ? 46 : 0) + reactions;
}

/** The messages of a thread, oldest on top, only those in sight being in the page. */
export function MessageLog(props: LogProps) {
  const { label, rows, hasMore, hasNewer, unread, acts, onAtEnd } = props;
  const log = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => log.current,
    estimateSize: (i) => estimate(rows[i]),
    getItemKey: useCallback((i: number) => rows[i]?.key ?? i, [rows]),
    overscan: 12,
    paddingStart: 8,
    paddingEnd: 14,
    anchorTo: "end",
    scrollEndThreshold: nearEnd,
  });
  const { atEnd, settle, toEnd, lit } = useLogScroll(log, virtual, props);
  useEffect(() => onAtEnd(atEnd), [atEnd, onAtEnd]);
  const mine = useMemo(() => lastOwn(rows), [rows]);
  const items = virtual.getVirtualItems();
  const top = dayAt(rows, items.find((item) => item.end > (virtual.scrollOffset ?? 0) + 40)?.index ?? 0);
  const newest = async () => {
    await props.toNewest();
    toEnd();
  };
  return (
    <div className={styles["frame"]}>
      {/* Scrolls, so it must be reachable by keyboard; new messages are announced elsewhere. */}
      <div
        ref={log}
        className={styles["log"]}
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onScroll={settle}
        onKeyDown={(event) => onKey(event, log, acts)}
      >
        <div className={styles["inner"]}>
          {hasMore && <p className={styles["older"]}>Loading earlier messages…</p>}
          <div className={styles["window"]} style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={cx(styles["row"], row.key === lit && styles["lit"])}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {row.type === "bubble" ? (
                    <Bubble
                      row={row}
                      named={props.named}
                      community={props.community}
                      receipt={row.own ? receipt(row, row === mine, props.receipts) : null}
                    />
                  ) : (
                    <Divider row={row} />
                  )}
                </div>
              );
            })}
          </div>
          {hasNewer && <p className={styles["older"]}>Loading later messages…</p>}
        </div>
      </div>
      {!atEnd && top !== "" && (
        <button type="button" className={styles["dayPill"]} onClick={acts.toDate} title="Go to a date">
          <span className="sr">Go to a date. Shown: </span>
          {top}
        </button>
      )}
      {props.newAbove > 0 && (
        <button type="button" className={cx(styles["jump"], styles["up"])} onClick={props.toFirstNew}>
          <Icon name="arrow-up" size={16} />
          {count(props.newAbove, "new message")}
        </button>
      )}
      {!atEnd && (
        <button type="button" className={styles["jump"]} onClick={() => void newest()}>
          <Icon name="arrow-down" size={16} />
          Newest messages
          {unread > 0 && <b className={styles["fresh"]}>{unread > 99 ? "99+" : unread} new</b>}
        </button>
      )}
    </div>
  );
}

function Divider({ row }: { row: Exclude<Row, { type: "bubble" }> }) {
  if (row.type === "day") return <div className={styles["day"]}>{row.label}</div>;
  if (row.type === "insert") return row.insert.content;
  if (row.type === "new") return <div className={styles["newline"]}>New</div>;
  return (
    <p className={styles["event"]} data-seq={row.seq} tabIndex={-1}>
      <Events row={row} /> · {clock(row.at)}
    </p>
  );
}

/** Arrows go from message to message; what is done with the focused one has keys of its own. */
function onKey(event: KeyboardEvent, log: RefObject<HTMLElement | null>, acts: MessageActs): void {
  if (event.metaKey || event.ctrlKey || event.altKey || !log.current) return;
  const here = (event.target as HTMLElement).closest<HTMLElement>("article[data-message-id]");
  const onArticle = here !== null && event.target === here;
  const moves = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (moves && (onArticle || event.target === log.current)) {
    event.preventDefault();
    step(log.current, here, moves);
  } else if (here && (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))) {
    event.preventDefault();
    acts.menu(here.dataset["messageId"] ?? "", here);
  } else if (onArticle && act(event.key, here, acts)) event.preventDefault();
}

function act(key: string, here: HTMLElement, acts: MessageActs): boolean {
  const id = here.dataset["messageId"] ?? "";
  if (key === "Enter") acts.menu(id, here);
  else if (key === "Delete") acts.remove(id);
  else if (!singleKeysOn()) return false;
  else if (key === "r" || key === "R") acts.reply(id);
  else if (key === "+") acts.pick(id, here);
  else return false;
  return true;
}

function step(log: HTMLElement, here: HTMLElement | null, by: number): void {
  const all = [...log.querySelectorAll<HTMLElement>("article[data-message-id]")];
  const box = log.getBoundingClientRect();
  const inSight = all.filter((a) => a.getBoundingClientRect().top < box.bottom);
  const next = here ? all[all.indexOf(here) + by] : inSight[inSight.length - 1];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}
