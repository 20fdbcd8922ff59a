import { lazy, Suspense, useState } from "react";
import { type SwitchName, switchNames } from "../../api/access.ts";
import { can, useMe } from "../../api/session.ts";
import type { OrganizationAccess } from "../../api/types.ts";
import { listed } from "../../lib/text.ts";
import { shortDate } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { ChatSettingsPage } from "../../ui/ChatSettingsPage.tsx";
import { Card } from "../../ui/Page.tsx";
import { Callout, Loaded, Problem } from "../../ui/States.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { LastChange, Overtaken } from "./Overtaken.tsx";
import styles from "./Panel.module.css";
import { ProviderCard } from "./ProviderCard.tsx";
import { useOrganizationAccess, useSaveOrganization } from "./queries.ts";
import { useSettings } from "../../ui/useSettings.tsx";
import { switchLabels, switchWords } from "./words.ts";

const PreviewDialog = lazy(async () => ({ default: (await import("./PreviewDialog.tsx")).PreviewDialog }));

/** Settings > Chat > Journal Entries: what clients get when they are added. */
export function JournalPage() {
  const me = useMe();
  const all = can(me, "manage_settings");
  const access = useOrganizationAccess(all);
  return (
    <ChatSettingsPage title="Journal Entries" lede="What a client can do in Chat when you add them.">
      {all && (
        <Loaded query={access} what="the defaults">
          {(latest) => (
            <>
              <DefaultsCard latest={latest} />
              {can(me, "manage_chat_access") && <ApplyCard access={latest} />}
            </>
          )}
        </Loaded>
      )}
      <ProviderCard />
    </ChatSettingsPage>
  );
}

const help: Record<SwitchName, string> = {
  direct: "New clients and their care team can write to each other one to one.",
  community: "New clients can read and post in the community chats they belong to.",
};

/** Only clients added from now on: the page says so where it matters. */
function OnlyNew() {
  return (
    <Callout>
      Changes here apply to clients added from now on. Clients you already have keep their current settings.
    </Callout>
  );
}

function DefaultsCard({ latest }: { latest: OrganizationAccess }) {
  const form = useSettings(latest, useSaveOrganization());
  const { base, now } = form;
  return (
    <Card title="Defaults for new clients" footer={form.bar}>
      <OnlyNew />
      <Overtaken form={form} />
      {switchNames.map((n, i) => (
        <div key={n} className={styles["stack"]}>
          {i > 0 && <hr />}
          <div>
            <SwitchSetting
              label={switchLabels[n]}
              help={help[n]}
              on={now[n] === "on"}
              onChange={(on) => form.set({ [n]: on ? "on" : "off" })}
            />
            <Since access={base} name={n} dirty={now[n] !== base[n]} />
          </div>
        </div>
      ))}
      <Problem error={form.problem} />
    </Card>
  );
}

function Since({ access, name, dirty }: { access: OrganizationAccess; name: SwitchName; dirty: boolean }) {
  const changed = access[`${name}_changed`];
  if (!dirty) return <LastChange changed={changed} />;
  const since = changed ? ` since ${shortDate(changed.at)}` : "";
  return (
    <p className={`${styles["changed"]} ${styles["unsaved"]}`}>
      Not saved. Was {access[name]}
      {since}
    </p>
  );
}

/** The separate step that reaches clients who are already there. */
function ApplyCard({ access }: { access: OrganizationAccess }) {
  const [open, setOpen] = useState(false);
  const values = switchNames.map((n) => `${switchWords[n]} ${access[n]}`);
  return (
    <Card title="Apply to existing clients">
      <p className={styles["spread"]}>
        A separate step. You’ll see exactly who would change before anything does, and you can undo it for 24
        hours. It applies what is saved above: {listed(values)}.
      </p>
      <div>
        <Button onClick={() => setOpen(true)}>Preview changes</Button>
      </div>
      {open && (
        <Suspense>
          <PreviewDialog
            bulk={{
              filter: { all: true },
              place: "default",
              direct: access.direct,
              community: access.community,
              about: "existing clients",
            }}
            close={() => setOpen(false)}
          />
        </Suspense>
      )}
    </Card>
  );
}
