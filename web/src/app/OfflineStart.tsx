import { useEffect, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/States.tsx";
import styles from "./Shell.module.css";

/** How often it is tried again while the page is open. */
const every = 5_000;

/** The app was opened without a connection: it has nothing to show, and says why. */
export function OfflineStart({ retry }: { retry(): Promise<unknown> }) {
  const [trying, setTrying] = useState(false);
  useEffect(() => {
    const again = () => void retry();
    const timer = setInterval(again, every);
    window.addEventListener("online", again);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", again);
    };
  }, [retry]);
  const tryNow = () => {
    setTrying(true);
    void retry().finally(() => setTrying(false));
  };
  return (
    <main id="main" className={styles["start"]}>
      <Empty
        level={1}
        icon="wifi-off"
        title="You’re offline"
        actions={
          <Button look="primary" icon="rotate-cw" onClick={tryNow} disabled={trying}>
            Try again
          </Button>
        }
      >
        Hearth keeps no messages on this device, so it needs a connection to show them. Nothing is lost. It
        goes on by itself as soon as you are connected.
      </Empty>
    </main>
  );
}
