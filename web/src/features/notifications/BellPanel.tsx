import { type KeyboardEvent, type RefObject, useRef } from "react";
import { Dialog, Heading, Popover } from "react-aria-components";
import { explain } from "../../api/client.ts";
import { markNotices } from "../../api/notices.ts";
import { Link } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Sheet } from "../../ui/Sheet.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Panel.module.css";
import { NoticeList } from "./NoticeList.tsx";
import { useUnread } from "./useUnread.ts";

// Import this file only lazily: it brings react-aria.

interface PanelProps {
  trigger: RefObject<HTMLElement | null>;
  sheet: boolean;
  close(): void;
}

/** What came, newest first: beside the bell, or over the whole of a phone. */
export function BellPanel({ trigger, sheet, close }: PanelProps) {
  if (sheet) {
    return (
      <Sheet title="Notifications" close={close}>
        <div className={styles["inSheet"]}>
          <div className={styles["act"]}>
            <MarkAll />
          </div>
          <Lines close={close} />
          <Foot close={close} />
        </div>
      </Sheet>
    );
  }
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="right bottom"
      offset={24}
      onOpenChange={(open) => !open && close()}
      className={styles["popover"] ?? ""}
    >
      <Dialog className={styles["dialog"] ?? ""}>
        <div className={styles["head"]}>
          <Heading slot="title">Notifications</Heading>
          <MarkAll />
        </div>
        <Lines close={close} scroll />
        <Foot close={close} />
      </Dialog>
    </Popover>
  );
}

function MarkAll() {
  const none = useUnread() === 0;
  const all = () => {
    if (!none) markNotices().catch((error: unknown) => say(explain(error)));
  };
  // Not "disabled": that would throw the focus away.
  return (
    <Button size="small" look="ghost" icon="check-check" aria-disabled={none} onClick={all}>
      Mark all as read
    </Button>
  );
}

function Lines({ close, scroll }: { close(): void; scroll?: boolean }) {
  const list = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={list}
      className={cx(scroll && styles["scroll"])}
      onKeyDown={(event) => step(event, list.current)}
    >
      <NoticeList close={close} />
    </div>
  );
}

/** Arrows go from line to line. */
function step(event: KeyboardEvent, list: HTMLElement | null): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !list) return;
  const all = [...list.querySelectorAll<HTMLElement>("[data-notice-id]")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
}

function Foot({ close }: { close(): void }) {
  return (
    <nav className={styles["foot"]} aria-label="More on notifications">
      <Link className="link" href="/settings/notifications" onClick={close}>
        Notification settings
      </Link>
      <Link className="link" href="/settings/notifications/history" onClick={close}>
        Notification history
      </Link>
    </nav>
  );
}
