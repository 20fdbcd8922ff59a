import { useEffect, useState } from "react";
import { useGroups, useStaff } from "../../api/directory.ts";
import { useRested } from "../../lib/hooks.ts";
import { Link, withParams } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Search } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Access.module.css";
import { useAccessCounts } from "./bulkQueries.ts";
import { type Filter, setFilter, shows } from "./filter.ts";

/** The chips with their counts. */
export function Facets({ filter }: { filter: Filter }) {
  const { data: counts } = useAccessCounts();
  return (
    <nav className={styles["facets"]} aria-label="Filter by state">
      {shows.map(({ id, label, count }) => (
        <Link
          key={id}
          replace
          href={withParams("/access", { show: id === "all" ? "" : id }, window.location.search)}
          aria-current={filter.show === id ? "true" : undefined}
        >
          {label} <b>{counts ? counts[count].toLocaleString("en-US") : ""}</b>
        </Link>
      ))}
    </nav>
  );
}

interface BarProps {
  filter: Filter;
  shown: number;
  total: number;
}

/** Search and the narrower filters, which a phone folds away. */
export function FilterBar({ filter, shown, total }: BarProps) {
  const { data: groups } = useGroups();
  const { data: staff } = useStaff();
  const narrowed = [filter.group, filter.provider, filter.source].filter(Boolean).length;
  const [opened, setOpened] = useState(narrowed > 0);
  const [text, setText] = useState(filter.q);
  const rested = useRested(text.trim(), 250);
  useEffect(() => {
    setFilter({ q: rested });
  }, [rested]);
  return (
    <div className={cx(styles["bar"], opened && styles["opened"])}>
      <Search label="Search clients" placeholder="Search clients" lined value={text} onChange={setText} />
      <Button
        className={styles["filterButton"]}
        icon="list-filter"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        Filter{narrowed > 0 ? ` · ${narrowed}` : ""}
      </Button>
      <Pick
        label="Group"
        value={filter.group}
        options={(groups ?? []).map((g) => [g.id, g.name])}
        choose={(group) => setFilter({ group })}
      />
      <Pick
        label="Provider"
        value={filter.provider}
        options={(staff ?? []).map((s) => [s.id, s.name])}
        choose={(provider) => setFilter({ provider })}
      />
      <Pick
        label="Source"
        value={filter.source}
        options={[
          ["client", "Set for the client"],
          ["group", "Group"],
          ["default", "Default when added"],
        ]}
        choose={(source) => setFilter({ source })}
      />
      <Pick
        label="State"
        any="Active"
        value={filter.state === "archived" ? "archived" : ""}
        options={[["archived", "Archived"]]}
        choose={(state) => setFilter({ state })}
      />
      <span className={styles["shown"]} role="status">
        {total === 0 ? "" : `1–${shown.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}`}
      </span>
    </div>
  );
}

interface PickProps {
  label: string;
  any?: string;
  value: string;
  options: readonly (readonly [string, string])[];
  choose(value: string): void;
}

function Pick({ label, any = "Any", value, options, choose }: PickProps) {
  return (
    <label className={styles["pick"]}>
      {label}
      <select value={value} onChange={(e) => choose(e.target.value)}>
        <option value="">{any}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" size={16} />
    </label>
  );
}
