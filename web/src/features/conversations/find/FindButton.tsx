import { lazy, Suspense, useEffect } from "react";
import type { Conversation } from "../../../api/types.ts";
import { useStore } from "../../../lib/store.ts";
import { IconButton } from "../../../ui/Button.tsx";
import styles from "./Find.module.css";
import { finding, leaveFinding, startFinding, stopFinding } from "./finding.ts";

const FindBar = lazy(async () => ({ default: (await import("./FindBar.tsx")).FindBar }));

/** In the header of a thread; on a phone its menu has it. */
export function FindButton({ conversation: c }: { conversation: Conversation }) {
  const open = useStore(finding, (id) => id === c.id);
  return (
    <IconButton
      className={styles["button"]}
      label="Search in this conversation"
      icon="search"
      aria-pressed={open}
      data-find
      onClick={() => (open ? stopFinding() : startFinding(c.id))}
    />
  );
}

/** Under the header, while one searches. */
export function FindPlace({ conversation: c }: { conversation: Conversation }) {
  const open = useStore(finding, (id) => id === c.id);
  useEffect(() => () => leaveFinding(c.id), [c.id]);
  if (!open) return null;
  return (
    <Suspense>
      <FindBar key={c.id} conversation={c} />
    </Suspense>
  );
}
