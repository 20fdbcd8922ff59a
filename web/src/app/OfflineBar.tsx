import { useStore } from "../lib/store.ts";
import { tryNow } from "../live/connection.ts";
import { liveStatus } from "../live/status.ts";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Shell.module.css";

/** Says so while the server can not be reached; above whatever page one is on. */
export function OfflineBar() {
  const lost = useStore(liveStatus, (s) => s === "lost");
  return (
    <div role="status">
      {lost && (
        <div className={styles["netbar"]}>
          <Icon name="wifi-off" />
          <span>
            You’re offline. You can read what’s here, and new messages will wait in this window until you’re
            back.
          </span>
          <Button look="ghost" size="small" onClick={tryNow}>
            Try now
          </Button>
        </div>
      )}
    </div>
  );
}
