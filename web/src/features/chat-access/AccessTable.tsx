import { type SwitchName, switchNames } from "../../api/access.ts";
import type { AccessRow } from "../../api/types.ts";
import { phone, useMedia } from "../../lib/hooks.ts";
import { Link } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { CheckBox } from "../../ui/Field.tsx";
import { Source } from "../../ui/Source.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { VirtualTable } from "../../ui/Table.tsx";
import styles from "./Access.module.css";
import { patchRow } from "./bulkQueries.ts";
import { isChosen, nobody, type Selection, size, toggled } from "./selection.ts";
import { useToggle } from "./toggle.ts";
import type { Total } from "../../lib/total.ts";
import { onOff, sourceWords, switchWords } from "./words.ts";

interface TableProps {
  rows: readonly AccessRow[];
  total: Total;
  selection: Selection;
  select(next: Selection): void;
  more(): void;
}

const columns = ["Client", "Group", "Provider", "Direct Messaging", "Community Chat", "Last change"];

/** Both switches of every client, with where each comes from. */
export function AccessTable({ rows, total, selection, select, more }: TableProps) {
  const onPhone = useMedia(phone);
  const ids = rows.filter((r) => r.can_change).map((r) => r.client_id);
  const all = <CheckAll key="all" ids={ids} selection={selection} select={select} />;
  return (
    <VirtualTable
      label="Clients and their chat settings"
      titles={[all, ...columns]}
      rows={rows}
      total={total.more ? null : total.count}
      idOf={(row) => row.client_id}
      estimate={onPhone ? 164 : 57}
      columns={styles["row"]}
      marks={(row) => ({
        "data-client-id": row.client_id,
        "data-chosen": isChosen(selection, row.client_id),
      })}
      more={more}
    >
      {(row) => (
        <Cells
          row={row}
          chosen={isChosen(selection, row.client_id)}
          choose={(on) => select(toggled(selection, row.client_id, on, ids))}
        />
      )}
    </VirtualTable>
  );
}

type CheckAllProps = { ids: readonly string[] } & Pick<TableProps, "selection" | "select">;

function CheckAll({ ids, selection, select }: CheckAllProps) {
  const every = ids.length > 0 && ids.every((id) => isChosen(selection, id));
  return (
    <CheckBox
      aria-label="Select all that are loaded"
      checked={every}
      some={size(selection).count > 0 && !every}
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
        <CheckBox
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
