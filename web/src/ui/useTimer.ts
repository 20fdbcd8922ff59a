import { useCallback, useEffect, useRef } from "react";

/** Calls `over` when the time is over; time stands still while it is paused, and a second is left after. */
export function useTimer(ms: number, over: () => void) {
  const left = useRef(ms);
  const since = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(over);
  useEffect(() => {
    latest.current = over;
  });
  const go = useCallback(() => {
    clearTimeout(timer.current);
    since.current = Date.now();
    timer.current = setTimeout(() => latest.current(), left.current);
  }, []);
  const pause = useCallback(() => {
    clearTimeout(timer.current);
    left.current = Math.max(1_000, left.current - (Date.now() - since.current));
  }, []);
  useEffect(() => {
    go();
    return () => clearTimeout(timer.current);
  }, [go]);
  /** For the element that is pointed at or holds the focus. */
  return { onPointerEnter: pause, onPointerLeave: go, onFocus: pause, onBlur: go };
}
