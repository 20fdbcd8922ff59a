import { lazy, Suspense, useRef, useState } from "react";
import { count } from "../../lib/text.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Bell.module.css";
import { useUnread } from "./useUnread.ts";

const BellPanel = lazy(async () => ({ default: (await import("./BellPanel.tsx")).BellPanel }));

/** The way to what came, with how much of it was not looked at. `sheet` on a phone. */
export function Bell({ sheet = false }: { sheet?: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const unread = useUnread();
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles["bell"]}
        title="Notifications"
        aria-label={unread > 0 ? `Notifications, ${count(unread, "unread", "unread")}` : "Notifications"}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="bell" size={20} />
        <Badge className={styles["badge"]} count={unread} label="unread" />
      </button>
      {open && (
        <Suspense>
          <BellPanel trigger={button} sheet={sheet} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
