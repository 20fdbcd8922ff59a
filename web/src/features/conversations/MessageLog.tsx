import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
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
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
  });
  const [atEnd, setAtEnd] = useState(true);
  const opened = useOpenAt(rows, virtual);
  const busy = useRef(false);

  const onScroll = useCallback(() => {
    const el = log.current;
    if (!el) return;
    const end = el.scrollHeight - el.scrollTop - el.clientHeight <= nearEnd;
    setAtEnd(end);
    if (opened.current && hasMore && el.scrollTop < nearStart && !busy.current) {
      busy.current = true;
      void loadOlder().finally(() => {
        busy.current = false;
      });
    }
  }, [hasMore, loadOlder, opened]);
  useEffect(() => {
    onScroll();
  }, [rows, onScroll]);
  useEffect(() => onAtEnd(atEnd), [atEnd, onAtEnd]);
  useStayAtEnd(log, atEnd);

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
        <button
          type="button"
          className={styles["jump"]}
          onClick={() => virtual.scrollToEnd({ behavior: "smooth" })}
        >
          <Icon name="arrow-down" size={16} />
          Newest messages
        </button>
      )}
    </div>
  );
}

function Divider({ row }: { row: Exclude<Row, { type: "bubble" }> }) {
  if (row.type === "day") return <div className={styles["day"]}>{row.label}</div>;
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

/** Opens the thread at the first new message, or else at the end; once. */
function useOpenAt(rows: readonly Row[], virtual: Scroller) {
  const opened = useRef(false);
  useLayoutEffect(() => {
    if (opened.current || rows.length === 0) return;
    const fresh = rows.findIndex((r) => r.type === "new");
    if (fresh > 0) virtual.scrollToIndex(fresh, { align: "start" });
    else virtual.scrollToEnd();
    // The first measurements move things; older pages must wait for them.
    const timer = setTimeout(() => {
      opened.current = true;
    }, 120);
    return () => clearTimeout(timer);
  }, [rows, virtual]);
  return opened;
}

/** Keeps the newest message in sight while the box itself changes its height, as when a keyboard opens. */
function useStayAtEnd(log: React.RefObject<HTMLDivElement | null>, atEnd: boolean) {
  const wanted = useRef(atEnd);
  useEffect(() => {
    wanted.current = atEnd;
  }, [atEnd]);
  useEffect(() => {
    const el = log.current;
    if (!el) return;
    const observer = new ResizeObserver(() => {
      if (wanted.current) el.scrollTop = el.scrollHeight;
    });
    observer.observe(el);
    return () => observer.disconnect();
  }, [log]);
}
