import { type ReactNode, useState } from "react";
import { Button } from "./Button.tsx";
import { cx } from "./cx.ts";
import styles from "./Filters.module.css";

interface FiltersProps {
  /** "Filter the clients" */
  label: string;
  search?: ReactNode;
  /** How many filters are set. */
  narrowed: number;
  /** At the end, e.g. how many fit. */
  aside?: ReactNode;
  children: ReactNode;
}

/** Above a list: its search, and the filters, which a phone folds away. */
export function Filters({ label, search, narrowed, aside, children }: FiltersProps) {
  const [opened, setOpened] = useState(narrowed > 0);
  return (
    <div className={cx(styles["bar"], opened && styles["opened"])} role="search" aria-label={label}>
      {search && <div className={styles["search"]}>{search}</div>}
      <Button
        className={styles["toggle"]}
        icon="list-filter"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        Filter{narrowed > 0 ? ` · ${narrowed}` : ""}
      </Button>
      <div className={styles["picks"]}>{children}</div>
      {aside && <span className={styles["aside"]}>{aside}</span>}
    </div>
  );
}
