import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { type SwitchName, switchNames } from "../../api/access.ts";
import type { AccessRow } from "../../api/types.ts";
import { phone, useMedia } from "../../lib/hooks.ts";
import { Link } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { Source } from "../../ui/Source.tsx";
import { Switch } from "../../ui/Switch.tsx";
import styles from "./Access.module.css";
import { patchRow } from "./bulkQueries.ts";
import { isChosen, nobody, type Selection, size, toggled } from "./selection.ts";
import { useToggle } from "./toggle.ts";
import { onOff, sourceWords, switchWords } from "./words.ts";

interface TableProps {
  rows: readonly AccessRow[];
  total: number;
  selection: Selection;
  select(next: Selection): void;
  more(): void;
}

/** Both switches of thousands of clients: only the rows in sight are in the page. */
export function AccessTable({ rows, total, selection, select, more }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const onPhone = useMedia(phone);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (onPhone ? 164 : 57),
    getItemKey: (i) => rows[i]?.client_id ?? i,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 15) more();
  }, [last, rows.length, more]);
  const ids = rows.filter((r) => r.can_change).map((r) => r.client_id);
  return (
    <div
      role="table"
      aria-label="Clients and their chat settings"
      aria-rowcount={total + 1}
      style={{ display: "contents" }}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={cx(styles["row"], styles["titles"])}>
          <span role="columnheader">
            <CheckAll ids={ids} selection={selection} select={select} />
          </span>
          {["Client", "Group", "Provider", "Direct Messaging", "Community Chat", "Last change"].map((t) => (
            <span key={t} role="columnheader">
              {t}
            </span>
          ))}
        </div>
      </div>
      <div ref={scroller} className={styles["scroller"]} role="rowgroup" tabIndex={-1}>
        <div className={styles["window"]} style={{ height: virtual.getTotalSize() }} role="presentation">
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  data-client-id={row.client_id}
                  role="row"
                  aria-rowindex={item.index + 2}
                  data-chosen={isChosen(selection, row.client_id)}
                  className={cx(styles["row"], styles["item"])}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Cells
                    row={row}
                    chosen={isChosen(selection, row.client_id)}
                    choose={(on) => select(toggled(selection, row.client_id, on, ids))}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

type CheckAllProps = { ids: readonly string[] } & Pick<TableProps, "selection" | "select">;

function CheckAll({ ids, selection, select }: CheckAllProps) {
  const n = size(selection);
  const every = ids.length > 0 && ids.every((id) => isChosen(selection, id));
  return (
    <input
      type="checkbox"
      className={styles["check"]}
      aria-label="Select all that are loaded"
      checked={every}
      ref={(el) => {
        if (el) el.indeterminate = n > 0 && !every;
      }}
      onChange={() => select(every ? nobody : { mode: "some", ids: new Set(ids) })}
    />
  );
}

interface CellsProps {
  row: AccessRow;
  chosen: boolean;
  choose(on: boolean): void;
}

function Cells({ row, chosen, choose }: CellsProps) {
  return (
    <>
      <span role="cell">
        <input
          type="checkbox"
          className={styles["check"]}
          aria-label={`Select ${row.name}`}
          checked={chosen}
          disabled={!row.can_change}
          onChange={(e) => choose(e.target.checked)}
        />
      </span>
      <div role="cell" className={styles["who"]}>
        <Avatar name={row.name} size={34} />
        <Link href={`/clients/${row.client_id}/chat-settings`}>{row.name}</Link>
      </div>
      <div role="cell" className={styles["soft"]}>
        {row.group_name ?? "No group"}
      </div>
      <div role="cell" className={styles["soft"]}>
        {row.provider_name}
      </div>
      {switchNames.map((name) => (
        <SwitchCell key={name} row={row} name={name} />
      ))}
      <div role="cell" className={styles["change"]}>
        {row.last_change && (
          <>
            {row.last_change.by.name}
            <small>{dateTime(row.last_change.at)}</small>
          </>
        )}
      </div>
    </>
  );
}

function SwitchCell({ row, name }: { row: AccessRow; name: SwitchName }) {
  const s = row[name];
  const toggle = useToggle();
  const turn = (on: boolean) => {
    patchRow(row.client_id, (r) => ({ ...r, [name]: { ...r[name], effective: on } }));
    toggle(row, name, on);
  };
  return (
    <div role="cell" className={styles["cell"]}>
      <Switch
        small
        aria-label={`${switchWords[name]} for ${row.name}`}
        checked={s.effective}
        disabled={!row.can_change}
        onChange={(e) => turn(e.target.checked)}
      />
      <span>
        <b className={styles["which"]} aria-hidden="true">
          {switchWords[name]}
        </b>
        <b className={cx(styles["word"], !s.effective && styles["off"])} aria-hidden="true">
          {onOff(s.effective)}
        </b>
        <Source place={s.source}>{sourceWords(s, row.group_name)}</Source>
      </span>
    </div>
  );
}
