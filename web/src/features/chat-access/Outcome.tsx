import type { ReactNode } from "react";
import styles from "./Dialogs.module.css";

/** What a change of many would do, before anything does. */
export function OutcomeList({ children }: { children: ReactNode }) {
  return <ul className={styles["outcome"]}>{children}</ul>;
}

interface LineProps {
  n: number;
  what: string;
  children: ReactNode;
}

/** How many of one outcome, the number first. */
export function OutcomeLine({ n, what, children }: LineProps) {
  return (
    <li>
      <span className={styles["n"]}>{n.toLocaleString("en-US")}</span>
      <b>{what}</b>
      <p>{children}</p>
    </li>
  );
}
