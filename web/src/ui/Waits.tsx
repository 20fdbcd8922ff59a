import { useEffect, useState } from "react";
import { useOpenTimes } from "../api/opening.ts";
import { waited, type Waited } from "../lib/waits.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { cx } from "./cx.ts";
import styles from "./Waits.module.css";

/** How a client waits, followed while time passes; null where nobody waits, or only just. */
export function useWaited(since: string | null, overdue: boolean): Waited | null {
  const times = useOpenTimes(since !== null).data;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, [since]);
  return since !== null && times ? waited(since, overdue, times, now) : null;
}

interface WaitsProps {
  /** Since when a client waits for an answer. */
  since: string;
  /** Whether that is longer than the practice wants. */
  overdue: boolean;
}

/** That a client waits for an answer, and for how long; too long has another sign and another word. */
export function Waits({ since, overdue }: WaitsProps) {
  const wait = useWaited(since, overdue);
  return wait && <WaitBadge wait={wait} />;
}

const icons: Record<Waited["state"], IconName> = {
  waiting: "clock",
  overdue: "circle-alert",
  closed: "calendar-clock",
};

export function WaitBadge({ wait }: { wait: Waited }) {
  return (
    <span className={cx(styles["waits"], styles[wait.state])} title={wait.detail}>
      <Icon name={icons[wait.state]} size={12} />
      <span aria-hidden="true">{wait.text}</span>
      <span className="sr">{wait.spoken}</span>
    </span>
  );
}
