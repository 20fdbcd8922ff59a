import type { ReactNode } from "react";
import { useStore } from "../lib/store.ts";
import { cx } from "./cx.ts";
import { Icon } from "./Icon.tsx";
import { type Toast as Shown, toast, undoLast } from "./toast.ts";
import styles from "./Toast.module.css";
import { useTimer } from "./useTimer.ts";

/** The place where short confirmations appear, and what else comes for a moment; once, near the root. */
export function ToastRegion({ children }: { children?: ReactNode }) {
  const shown = useStore(toast, (t) => t);
  return (
    <div className={styles["place"]}>
      <div role="status" aria-live="polite">
        {shown && <Toast key={shown.id} shown={shown} />}
      </div>
      {children}
    </div>
  );
}

function Toast({ shown }: { shown: Shown }) {
  const timer = useTimer(shown.ms, () => toast.set(null));
  return (
    <div className={cx(styles["toast"], shown.undo && styles["withUndo"])} {...timer}>
      {shown.undo && (
        <svg className={styles["ring"]} viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="8" />
          <circle cx="10" cy="10" r="8" style={{ animationDuration: `${shown.ms}ms` }} />
        </svg>
      )}
      <span>{shown.text}</span>
      {shown.undo && (
        <>
          <button type="button" className={styles["undo"]} onClick={() => undoLast()}>
            Undo
          </button>
          <button type="button" className={styles["x"]} aria-label="Dismiss" onClick={() => toast.set(null)}>
            <Icon name="x" size={16} />
          </button>
        </>
      )}
    </div>
  );
}
