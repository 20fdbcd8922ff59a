import { lazy, Suspense, useState } from "react";
import { can, useMe } from "../../../api/session.ts";
import type { Setting } from "../../../api/types.ts";
import { Link } from "../../../lib/router.tsx";
import { Button } from "../../../ui/Button.tsx";
import { ChatSettingsPage } from "../../../ui/ChatSettingsPage.tsx";
import { Card } from "../../../ui/Page.tsx";
import { Callout, Loaded, Problem } from "../../../ui/States.tsx";
import { Switch, SwitchSetting } from "../../../ui/Switch.tsx";
import { useSettings } from "../../../ui/useSettings.tsx";
import panel from "../Panel.module.css";
import { onOff } from "../words.ts";
import { eachCell, nested } from "./cells.ts";
import type { OrganizationForm } from "./forms.ts";
import { MatrixFields } from "./MatrixFields.tsx";
import styles from "./Notifications.module.css";
import { OvertakenCells } from "./OvertakenCells.tsx";
import { useOrganizationNotifications, useSaveOrganizationNotifications } from "./queries.ts";
import { cellWords } from "./words.ts";

const ChangeDialog = lazy(async () => ({ default: (await import("./ChangeDialog.tsx")).ChangeDialog }));

/** Settings > Chat > Chat notifications: what new clients get, and what a notification may say. */
export function NotificationsPage() {
  const me = useMe();
  const settings = useOrganizationNotifications();
  return (
    <ChatSettingsPage
      title="Adjust Chat Notifications"
      lede="How clients learn that something was written. Who may chat is set elsewhere, and neither changes the other."
      settings="/settings"
    >
      <Loaded query={settings} what="the notification settings">
        {(latest) => (
          <>
            <SettingsCard latest={latest} />
            {can(me, "manage_chat_access") && <ApplyCard saved={latest} />}
          </>
        )}
      </Loaded>
    </ChatSettingsPage>
  );
}

function SettingsCard({ latest }: { latest: OrganizationForm }) {
  const form = useSettings(latest, useSaveOrganizationNotifications());
  const { base, now } = form;
  return (
    <Card title="Defaults for new clients" footer={form.bar}>
      <Callout>
        Changes here apply to clients added from now on. Clients you already have keep their current settings.
      </Callout>
      <OvertakenCells form={form} />
      <MatrixFields
        line={(cell) =>
          now[cell] !== base[cell] && <span className={styles["pending"]}>Not saved. Was {base[cell]}</span>
        }
        control={(cell) => (
          <span className={styles["state"]}>
            <span aria-hidden="true">{onOff(now[cell] === "on")}</span>
            <Switch
              aria-label={cellWords(cell)}
              checked={now[cell] === "on"}
              onChange={(e) => form.set({ [cell]: e.target.checked ? "on" : "off" })}
            />
          </span>
        )}
      />
      <section className={panel["stack"]} aria-label="What notifications may say">
        <hr />
        <h3>What notifications may say</h3>
        <p className="muted">
          No mail and no push ever carries what was written, a client’s name or a group’s.
        </p>
        <SwitchSetting
          label="The practice’s name may stand in notifications"
          help="Off, mail and push come from “Secure messages” and name nobody. On, they say which practice they are from, for anyone to read who sees the screen."
          on={now.name_in_notifications}
          onChange={(on) => form.set({ name_in_notifications: on })}
        />
        <SwitchSetting
          label="Mail to staff may say more"
          help="Your own staff’s mail may say the practice’s name and whether a client or a colleague wrote. Never a name, and never in a push."
          on={now.names_for_staff}
          onChange={(on) => form.set({ names_for_staff: on })}
        />
      </section>
      <Problem error={form.problem} />
    </Card>
  );
}

/** The separate step that reaches clients who are already there. */
function ApplyCard({ saved }: { saved: OrganizationForm }) {
  const [open, setOpen] = useState(false);
  return (
    <Card title="Apply to existing clients">
      <p className={panel["spread"]}>
        A separate step. You’ll see exactly who would change before anything does, and you can undo it for 24
        hours. It applies the defaults that are saved above.
      </p>
      <p className="muted">
        To change some clients only, choose them under{" "}
        <Link className="link" href="/access">
          Access
        </Link>
        , then “Notifications…”.
      </p>
      <div>
        <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>
          Preview changes
        </Button>
      </div>
      {open && (
        <Suspense>
          <ChangeDialog
            title="Apply the defaults to existing clients?"
            clients={{ all: true }}
            place="default"
            set={nested<Setting>(eachCell((cell) => saved[cell]))}
            close={() => setOpen(false)}
          />
        </Suspense>
      )}
    </Card>
  );
}
