import { useMe } from "../../api/session.ts";
import type { OrganizationAccess } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { ClientNotice } from "../../ui/OffNotice.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { SaveBar } from "../../ui/SaveBar.tsx";
import { Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { useEdits } from "./edits.ts";
import { NoticeFields } from "./NoticeFields.tsx";
import { previewed } from "./notice.ts";
import { Overtaken } from "./Overtaken.tsx";
import { conflictState, useOrganizationAccess, useSaveOrganization } from "./queries.ts";

/** Settings > Chat > Notices and hours: what clients read where chat is off. */
export function NoticesPage() {
  const access = useOrganizationAccess();
  return (
    <Page
      title="Notices and hours"
      lede="What a client reads in place of the message box where chat is off."
      narrow
      above={
        <nav className={page["crumbs"]} aria-label="Breadcrumb">
          <Link href="/settings">Settings</Link>
          <span aria-hidden="true">›</span> Chat
        </nav>
      }
    >
      {access.isPending ? (
        <ListSkeleton rows={3} label="Loading the notice" />
      ) : !access.data ? (
        <Failed what="the notice" error={access.error} retry={() => void access.refetch()} />
      ) : (
        <NoticeCard latest={access.data} />
      )}
    </Page>
  );
}

function NoticeCard({ latest }: { latest: OrganizationAccess }) {
  const me = useMe();
  const form = useEdits(latest);
  const saving = useSaveOrganization();
  const { base, now } = form;
  const save = () =>
    saving.mutate(
      { version: base.version, notice: now.notice },
      {
        onSuccess: (saved) => {
          form.reset(saved);
          say("Saved.");
        },
        onError: (error) => {
          const theirs = conflictState<OrganizationAccess>(error);
          if (theirs) form.arrive(theirs);
        },
      },
    );
  return (
    <>
      <Card
        title="Notice"
        lede="An empty field uses the text shown in it. A group can have a notice of its own."
        footer={
          <SaveBar
            changes={form.changes}
            saving={saving.isPending}
            save={save}
            discard={() => form.reset(base)}
          />
        }
      >
        {form.overtaken && (
          <Overtaken changed={[base.direct_changed, base.community_changed]}>
            {`The title is “${base.notice.title}” now.`}
          </Overtaken>
        )}
        <NoticeFields
          notice={now.notice}
          defaults={base.default_notice}
          error={saving.error}
          set={(patch) => form.set({ notice: { ...now.notice, ...patch } })}
        />
        {!conflictState(saving.error) && <Problem error={saving.error} />}
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
