import { lazy, Suspense, useRef, useState } from "react";
import type { Conversation } from "../../api/types.ts";
import { Icon } from "../../ui/Icon.tsx";
import { useWaited, WaitBadge } from "../../ui/Waits.tsx";
import styles from "./WaitsButton.module.css";

const WaitsMenu = lazy(async () => ({ default: (await import("./WaitsMenu.tsx")).WaitsMenu }));

/** That the client waits, above the messages: it opens what is counted, and what can be done. */
export function WaitsButton({ conversation: c }: { conversation: Conversation }) {
  const wait = useWaited(c.unanswered_since, c.overdue);
  const button = useRef<HTMLButtonElement>(null);
  const [menu, setMenu] = useState(false);
  if (!wait) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles["button"]}
        aria-haspopup="menu"
        aria-expanded={menu}
        aria-label={`${wait.text}: the client ${wait.spoken}`}
        onClick={() => setMenu(!menu)}
      >
        <WaitBadge wait={wait} />
        <Icon name="chevron-down" size={12} />
      </button>
      {menu && (
        <Suspense>
          <WaitsMenu conversation={c} wait={wait} trigger={button} close={() => setMenu(false)} />
        </Suspense>
      )}
    </>
  );
}
