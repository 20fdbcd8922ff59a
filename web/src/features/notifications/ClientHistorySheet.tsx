import { Sheet } from "../../ui/Sheet.tsx";
import { History } from "./History.tsx";
import { MailReach } from "./MailReach.tsx";

// Import this file only lazily: it brings react-aria.

/** A client's history over their profile. */
export function ClientHistorySheet({ clientId, close }: { clientId: string; close(): void }) {
  return (
    <Sheet
      title="Notification history"
      about="When, how and whether it arrived; never what it was about"
      close={close}
    >
      <MailReach clientId={clientId} />
      <History clientId={clientId} />
    </Sheet>
  );
}
