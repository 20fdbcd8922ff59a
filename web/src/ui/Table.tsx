import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx.ts";
import styles from "./Table.module.css";

interface TableProps<T> {
  label: string;
  /** Headings of the columns. */
  titles: readonly ReactNode[];
  rows: readonly T[];
  /** How many rows there are, loaded or not; null where they are not counted. */
  total: number | null;
  idOf(row: T): string;
  /** A row's height in pixels before it was measured. */
  estimate: number;
  /** The class with the columns' widths. */
  columns: string | undefined;
  /** What a row says beside its cells, e.g. that it is chosen. */
  marks?(row: T): Record<`data-${string}`, string | boolean>;
  /** Asks for the next page; called often, so it must be cheap when there is none. */
  more(): void;
  /** The cells of a row, one element of role "cell" for each title. */
  children(row: T): ReactNode;
}

/** Thousands of rows: only those in sight are in the page. On a phone the headings are only read out. */
export function VirtualTable<T>(props: TableProps<T>) {
  const { label, titles, rows, total, idOf, estimate, columns, marks, more, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: (i) => {
      const row = rows[i];
      return row === undefined ? i : idOf(row);
    },
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 15) more();
  }, [last, rows.length, more]);
  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={total === null ? -1 : total + 1}
      style={{ display: "contents" }}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={cx(columns, styles["row"], styles["titles"])}>
          {titles.map((title, i) => (
            <span key={i} role="columnheader">
              {title}
            </span>
          ))}
        </div>
      </div>
      <div ref={scroller} className={styles["scroller"]} role="rowgroup" tabIndex={-1}>
        <div className={styles["window"]} style={{ height: virtual.getTotalSize() }} role="presentation">
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row !== undefined && (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  {...marks?.(row)}
                  role="row"
                  aria-rowindex={item.index + 2}
                  className={cx(columns, styles["row"], styles["item"])}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {children(row)}
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The frame of a table that takes what is left of the page, and scrolls in it. */
export function TableBox({ children }: { children: ReactNode }) {
  return <div className={styles["box"]}>{children}</div>;
}
