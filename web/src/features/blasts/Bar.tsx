import styles from "./Blasts.module.css";

interface BarProps {
  done: number;
  of: number;
  /** Given, it is read out; without, the words beside it say the same. */
  label?: string;
}

/** How much of something is done. */
export function Bar({ done, of, label }: BarProps) {
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
    <span className={styles["bar"]} {...named}>
      <i style={{ width: `${share * 100}%` }} />
    </span>
  );
}
