import { cx } from "./cx.ts";
import styles from "./Bar.module.css";

interface BarProps {
  done: number;
  of: number;
  /** Given, it is read out; without, the words beside it say the same. */
  label?: string;
  /** Half as high, in a row of a list. */
  thin?: boolean;
}

/** How much of something is done. */
export function Bar({ done, of, label, thin }: BarProps) {
  const share = of === 0 ? 0 : Math.min(1, done / of);
  const named = label
    ? {
        role: "progressbar",
        "aria-label": label,
        "aria-valuemin": 0,
        "aria-valuemax": of,
        "aria-valuenow": done,
      }
    : { "aria-hidden": true };
  return (
    <span className={cx(styles["bar"], thin && styles["thin"])} {...named}>
      <i style={{ width: `${share * 100}%` }} />
    </span>
  );
}
