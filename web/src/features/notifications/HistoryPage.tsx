import { isClient, useMe } from "../../api/session.ts";
import { Link } from "../../lib/router.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { History } from "./History.tsx";
import { MailReach } from "./MailReach.tsx";

/** One's own notification history. */
export function HistoryPage() {
  const client = isClient(useMe());
  return (
    <Page
      title="Notification history"
      lede="When you were told, in which way, and whether it arrived. What it was about is not kept here."
      narrow
      above={
        <nav className={page["crumbs"]} aria-label="Breadcrumb">
          {client && (
            <>
              <Link href="/account">You</Link> <span aria-hidden="true">›</span>{" "}
            </>
          )}
          <Link href="/settings/notifications">Notifications</Link> <span aria-hidden="true">›</span> History
        </nav>
      }
    >
      <MailReach />
      <Card>
        <History />
      </Card>
    </Page>
  );
}
