import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { clock } from "../../lib/time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Bubble } from "./Bubble.tsx";
import { lastOwn, receipt, type Row } from "./rows.ts";
import styles from "./Thread.module.css";

interface LogProps {
  label: string;
  rows: readonly Row[];
  hasMore: boolean;
  loadOlder(): Promise<void>;
  named: boolean;
  community: boolean;
  /** How far the others have read, for the receipt. */
  readSeq: number;
  /** Grows with every message sent from here: one's own words are always in sight. */
  sent: number;
  /** Told whenever the end comes into or goes out of sight. */
  onAtEnd(atEnd: boolean): void;
}

/** Closer to the end than this counts as reading the newest message. */
const nearEnd = 90;
const nearStart = 600;

function estimate(row: Row | undefined): number {
  if (!row) return 48;
  if (row.type !== "bubble") return 36;
  return 42 + Math.floor(row.body.length / 60) * 21;
}

/** The messages of a thread, oldest on top, only those in sight being in the page. */
export function MessageLog({
  label,
  rows,
  hasMore,
  loadOlder,
  named,
  community,
  readSeq,
  sent,
  onAtEnd,
}: LogProps) {
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
  const phase = useOpenAt(rows, virtual);
  const { atEnd, settle, toEnd } = useFollow(log, rows, sent, virtual, phase);
  const busy = useRef(false);

  const onScroll = useCallback(() => {
    const el = log.current;
    if (!el) return;
    settle();
    if (phase.current === "open" && hasMore && el.scrollTop < nearStart && !busy.current) {
      busy.current = true;
      void loadOlder().finally(() => {
        busy.current = false;
      });
    }
  }, [hasMore, loadOlder, phase, settle]);
  useEffect(() => {
    onScroll();
  }, [rows, onScroll]);
  useEffect(() => onAtEnd(atEnd), [atEnd, onAtEnd]);

  const mine = useMemo(() => lastOwn(rows), [rows]);
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
        onScroll={onScroll}
      >
        <div className={styles["inner"]}>
          {hasMore && <p className={styles["older"]}>Loading earlier messages…</p>}
          <div className={styles["window"]} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={styles["row"]}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {row.type === "bubble" ? (
                    <Bubble
                      row={row}
                      named={named}
                      community={community}
                      receipt={row.own ? receipt(row, row === mine, readSeq) : null}
                    />
                  ) : (
                    <Divider row={row} />
                  )}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {!atEnd && (
        <button type="button" className={styles["jump"]} onClick={toEnd}>
          <Icon name="arrow-down" size={16} />
          Newest messages
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
    <p className={styles["event"]}>
      {row.body} · {clock(row.at)}
    </p>
  );
}

interface Scroller {
  scrollToEnd(): void;
  scrollToIndex(index: number, options: { align: "start" | "end" }): void;
}

/** How far the opening of a thread has come, and whether it goes to the end or to what is new. */
type Phase = "closed" | "to the end" | "to the new" | "open";

/** Opens the thread at the first new message, or else at the end; once. */
function useOpenAt(rows: readonly Row[], virtual: Scroller) {
  const phase = useRef<Phase>("closed");
  useLayoutEffect(() => {
    if (phase.current === "open" || rows.length === 0) return;
    const fresh = rows.findIndex((r) => r.type === "new");
    phase.current = fresh > 0 ? "to the new" : "to the end";
    if (fresh > 0) virtual.scrollToIndex(fresh, { align: "start" });
    else virtual.scrollToEnd();
    // The first measurements move things; older pages must wait for them.
    const timer = setTimeout(() => {
      phase.current = "open";
    }, 120);
    return () => clearTimeout(timer);
  }, [rows, virtual]);
  return phase;
}

/**
 * Whether the reader is at the newest message, and staying there: as long as
 * they do not scroll up themselves, whatever comes, however much at once, and
 * however the box changes its height, the end stays in sight.
 */
function useFollow(
  log: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  sent: number,
  virtual: Scroller,
  phase: RefObject<Phase>,
) {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const last = useRef({ top: 0, sent });
  const settle = useCallback(() => {
    const el = log.current;
    if (!el) return;
    const near = el.scrollHeight - el.scrollTop - el.clientHeight <= nearEnd;
    const up = el.scrollTop < last.current.top - 1;
    last.current.top = el.scrollTop;
    if (near) following.current = true;
    else if (phase.current === "open" ? up : phase.current === "to the new") following.current = false;
    setAtEnd(following.current);
  }, [log, phase]);
  useLayoutEffect(() => {
    if (sent !== last.current.sent) {
      last.current.sent = sent;
      following.current = true;
    }
    if (following.current && phase.current === "open") virtual.scrollToEnd();
  }, [rows, sent, virtual, phase]);
  useEffect(() => {
    const el = log.current;
    if (!el) return;
    const observer = new ResizeObserver(() => {
      const sure = phase.current === "open" || phase.current === "to the end";
      if (following.current && sure) el.scrollTop = el.scrollHeight;
    });
    observer.observe(el);
    for (const child of el.children) observer.observe(child);
    return () => observer.disconnect();
  }, [log, phase]);
  const toEnd = useCallback(() => {
    following.current = true;
    virtual.scrollToEnd();
  }, [virtual]);
  return { atEnd, settle, toEnd };
}
