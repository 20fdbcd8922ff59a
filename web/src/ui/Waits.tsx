import { useEffect, useState } from "react";
import { waited } from "../lib/waits.ts";
import { Icon } from "./Icon.tsx";
import { cx } from "./cx.ts";
import styles from "./Waits.module.css";

interface WaitsProps {
  /** Since when a client waits for an answer. */
  since: string;
  /** Whether that is longer than the practice wants. */
  overdue: boolean;
}

/** That a client waits for an answer, and for how long; too long has another sign and another word. */
export function Waits({ since, overdue }: WaitsProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const { short, full } = waited(since, now);
  return (
    <span className={cx(styles["waits"], overdue && styles["overdue"])}>
      <Icon name={overdue ? "circle-alert" : "clock"} size={12} />
      <span aria-hidden="true">
        {overdue ? "Overdue" : "Waiting"} {short}
      </span>
      <span className="sr">
        has waited {full} for an answer{overdue && ", longer than the practice wants"}
      </span>
    </span>
  );
}
