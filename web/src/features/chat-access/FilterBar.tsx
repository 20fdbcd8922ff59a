import { useEffect, useState } from "react";
import { useGroups, useStaff } from "../../api/directory.ts";
import { useRested } from "../../lib/hooks.ts";
import { Link, withParams } from "../../lib/router.tsx";
import { cx } from "../../ui/cx.ts";
import { Pick, Search } from "../../ui/Field.tsx";
import { Filters } from "../../ui/Filters.tsx";
import facet from "../../ui/Facets.module.css";
import styles from "./Access.module.css";
import { useAccessCounts } from "./bulkQueries.ts";
import { type Filter, setFilter, shows } from "./filter.ts";
import { type Total, totalWords } from "../../lib/total.ts";

/** The chips with their counts. */
export function Facets({ filter }: { filter: Filter }) {
  const { data: counts } = useAccessCounts();
  return (
    <nav className={cx(facet["facets"], styles["facets"])} aria-label="Filter by state">
      {shows.map(({ id, label, count }) => (
        <Link
          key={id}
          replace
          href={withParams("/access", { show: id === "all" ? "" : id }, window.location.search)}
          aria-current={filter.show === id ? "true" : undefined}
        >
          {label}{" "}
          <b>
            {counts
              ? totalWords({ count: counts[count], more: count === "ending" && counts.ending_more })
              : ""}
          </b>
        </Link>
      ))}
    </nav>
  );
}

interface BarProps {
  filter: Filter;
  shown: number;
  total: Total;
}

/** Search and the narrower filters. */
export function FilterBar({ filter, shown, total }: BarProps) {
  const { data: groups } = useGroups();
  const { data: staff } = useStaff();
  const narrowed = [filter.group, filter.provider, filter.source, filter.state === "archived"].filter(
    Boolean,
  ).length;
  const [text, setText] = useState(filter.q);
  const rested = useRested(text.trim(), 250);
  useEffect(() => {
    setFilter({ q: rested });
  }, [rested]);
  return (
    <Filters
      label="Find clients"
      search={
        <Search label="Search clients" placeholder="Search clients" lined value={text} onChange={setText} />
      }
      narrowed={narrowed}
      aside={
        <span role="status">
          {shown === 0 ? "" : `1–${shown.toLocaleString("en-US")} of ${totalWords(total)}`}
        </span>
      }
    >
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
    </Filters>
  );
}
