import { useMe } from "../../api/session.ts";
import type { OrganizationAccess } from "../../api/types.ts";
import { ClientNotice, withoutNumbers } from "../../ui/OffNotice.tsx";
import { ChatSettingsPage } from "../../ui/ChatSettingsPage.tsx";
import { Card } from "../../ui/Page.tsx";
import { Loaded, Problem } from "../../ui/States.tsx";
import { NoticeFields } from "./NoticeFields.tsx";
import { previewed } from "./notice.ts";
import { Overtaken } from "./Overtaken.tsx";
import { useOrganizationAccess, useSaveOrganization } from "./queries.ts";
import { useSettings } from "../../ui/useSettings.tsx";

/** Settings > Chat > Notices and hours: what clients read where chat is off. */
export function NoticesPage() {
  const access = useOrganizationAccess();
  return (
    <ChatSettingsPage
      title="Notices and hours"
      lede="What a client reads in place of the message box where chat is off."
      settings="/settings"
    >
      <Loaded query={access} what="the notice">
        {(latest) => <NoticeCard latest={latest} />}
      </Loaded>
    </ChatSettingsPage>
  );
}

function NoticeCard({ latest }: { latest: OrganizationAccess }) {
  const me = useMe();
  const saving = useSaveOrganization();
  const form = useSettings(latest, saving);
  const { base, now } = form;
  return (
    <>
      <Card
        title="Notice"
        lede="An empty field uses the text shown in it. A group can have a notice of its own."
        footer={form.bar}
      >
        <Overtaken form={form} now={`The title is “${base.notice.title}” now.`} />
        <NoticeFields
          notice={now.notice}
          defaults={{ ...base.default_notice, body: withoutNumbers(base.default_notice) }}
          error={saving.error}
          set={(patch) => form.set({ notice: { ...now.notice, ...patch } })}
        />
        <Problem error={form.problem} />
      </Card>
      <Card title="What the client sees" lede="As it will be once you save.">
        <ClientNotice
          notice={previewed(now.notice, base.notice, base.default_notice, me.organization.name)}
          preview
        />
      </Card>
    </>
  );
}
