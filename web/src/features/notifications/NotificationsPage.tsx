import { isClient, useMe } from "../../api/session.ts";
import { usePreferences } from "../../api/preferences.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Link } from "../../lib/router.tsx";
import { Loaded } from "../../ui/States.tsx";
import { DevicesCard } from "./DevicesCard.tsx";
import { MailReach } from "./MailReach.tsx";
import { PreferencesCard } from "./PreferencesCard.tsx";

/** Settings > Notifications: how one is told oneself. */
export function NotificationsPage() {
  const me = useMe();
  const preferences = usePreferences();
  return (
    <Page
      title="Notifications"
      lede="How you are told that something is new. No mail and no push says what was written, or by whom."
      narrow
      above={
        isClient(me) && (
          <nav className={page["crumbs"]} aria-label="Breadcrumb">
            <Link href="/account">You</Link> <span aria-hidden="true">›</span> Notifications
          </nav>
        )
      }
    >
      <MailReach />
      <Loaded query={preferences} what="your notifications">
        {(latest) => <PreferencesCard latest={latest} />}
      </Loaded>
      <DevicesCard />
      <Card title="One conversation" lede="Muting a conversation wins over everything above.">
        <p>
          Open the conversation and choose <b>Mute…</b> under <b>More actions</b>. A muted one carries a bell
          that is crossed out.
        </p>
        <div>
          <ButtonLink href="/inbox" icon="inbox">
            {isClient(me) ? "Your conversations" : "Open the inbox"}
          </ButtonLink>
        </div>
      </Card>
      <Card title="What became of them" lede="When you were told, in which way, and whether it arrived.">
        <div>
          <ButtonLink href="/settings/notifications/history" icon="history">
            Notification history
          </ButtonLink>
        </div>
      </Card>
    </Page>
  );
}
