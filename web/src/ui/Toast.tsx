import { useCallback, useEffect, useRef } from "react";
import { useStore } from "../lib/store.ts";
import { cx } from "./cx.ts";
import { Icon } from "./Icon.tsx";
import { type Toast as Shown, toast, undoLast } from "./toast.ts";
import styles from "./Toast.module.css";

/** The place where short confirmations appear; once, near the root. */
export function ToastRegion() {
  const shown = useStore(toast, (t) => t);
  return (
    <div role="status" aria-live="polite">
      {shown && <Toast key={shown.id} shown={shown} />}
    </div>
  );
}

function Toast({ shown }: { shown: Shown }) {
  const timer = useTimer(shown.ms);
  return (
    <div
      className={cx(styles["toast"], shown.undo && styles["withUndo"])}
      onPointerEnter={timer.pause}
      onPointerLeave={timer.go}
      onFocus={timer.pause}
      onBlur={timer.go}
    >
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

/** Takes the toast away when its time is over; time stands still while someone is at it. */
function useTimer(ms: number) {
  const left = useRef(ms);
  const since = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const go = useCallback(() => {
    clearTimeout(timer.current);
    since.current = Date.now();
    timer.current = setTimeout(() => toast.set(null), left.current);
  }, []);
  const pause = useCallback(() => {
    clearTimeout(timer.current);
    left.current = Math.max(1_000, left.current - (Date.now() - since.current));
  }, []);
  useEffect(() => {
    go();
    return () => clearTimeout(timer.current);
  }, [go]);
  return { go, pause };
}
