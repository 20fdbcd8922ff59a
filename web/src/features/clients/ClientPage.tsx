import { lazy, Suspense, useState } from "react";
import { ApiError, explain } from "../../api/client.ts";
import { can, useMe } from "../../api/session.ts";
import type { Client } from "../../api/types.ts";
import { Link, navigate } from "../../lib/router.tsx";
import { dateTime, longDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Email } from "../../ui/Email.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { InviteLink } from "../../ui/InviteLink.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Empty, Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Clients.module.css";
import { ClientForm } from "./ClientForm.tsx";
import { AccountTag } from "./ClientTable.tsx";
import { useChangeClient, useClient, useInviteClient, useOpenConversation } from "./queries.ts";

const ArchiveDialog = lazy(async () => ({ default: (await import("./ArchiveDialog.tsx")).ArchiveDialog }));

/** One client: who they are, who looks after them, how they get in. */
export function ClientPage({ params }: { params: Record<string, string> }) {
  const id = params["id"] ?? "";
  const client = useClient(id);
  if (client.data) return <Profile client={client.data} />;
  const unknown = client.error instanceof ApiError && [404, 422, 400].includes(client.error.status);
  return (
    <main id="main">
      {client.isPending ? (
        <ListSkeleton rows={3} label="Loading the client" />
      ) : unknown ? (
        <Empty
          level={1}
          icon="search"
          title="There’s no such client"
          actions={<ButtonLink href="/clients">All clients</ButtonLink>}
        >
          They may belong to another care team.
        </Empty>
      ) : (
        <Failed level={1} what="this client" error={client.error} retry={() => void client.refetch()} />
      )}
    </main>
  );
}

function Profile({ client: c }: { client: Client }) {
  const me = useMe();
  const mayManage = can(me, "manage_clients");
  const title = (
    <span className={styles["title"]}>
      <Avatar name={c.name} size={64} />
      <span>
        {c.name}
        <span className={styles["tags"]}>
          <AccountTag client={c} />
          {!c.chat_access.direct && <Tag icon="message-circle-off">Direct Messaging off</Tag>}
          Client since {longDate(c.created_at)}
        </span>
      </span>
    </span>
  );
  const crumbs = (
    <nav className={page["crumbs"]} aria-label="Breadcrumb">
      <Link href="/clients">Clients</Link>
      {c.group_name && (
        <>
          <span aria-hidden="true">›</span>
          <Link href={`/clients?group=${c.group_id}`}>{c.group_name}</Link>
        </>
      )}
    </nav>
  );
  return (
    <Page title={title} above={crumbs} actions={<Actions client={c} mayManage={mayManage} />}>
      <div className={page["sides"]}>
        <ClientForm key={formKey(c)} client={c} readOnly={!mayManage} />
        <div>
          <AccountCard client={c} mayInvite={mayManage} />
        </div>
      </div>
    </Page>
  );
}

/** The form starts over when the client was changed elsewhere. */
function formKey(c: Client): string {
  return [c.id, c.name, c.email, c.group_id, c.primary_provider_id, ...(c.care_team_ids ?? [])].join("|");
}

function Actions({ client: c, mayManage }: { client: Client; mayManage: boolean }) {
  const open = useOpenConversation();
  const change = useChangeClient(c.id);
  const [asking, setAsking] = useState(false);
  const archived = c.state === "archived";
  const message = () => {
    open.mutate(c.id, {
      onSuccess: (made) => navigate(`/inbox/${made.id}`),
      onError: (error) => {
        // Someone else's thread with this client may be open to read where a new one is not.
        if (c.direct_conversation_id) navigate(`/inbox/${c.direct_conversation_id}`);
        else say(explain(error));
      },
    });
  };
  return (
    <>
      {mayManage && archived && (
        <Button
          icon="archive"
          disabled={change.isPending}
          onClick={() =>
            change.mutate({ state: "active" }, { onSuccess: () => say(`${c.name} is active again.`) })
          }
        >
          Restore
        </Button>
      )}
      {mayManage && !archived && (
        <Button icon="archive" onClick={() => setAsking(true)}>
          Archive
        </Button>
      )}
      <Button look="primary" icon="square-pen" disabled={open.isPending} onClick={message}>
        Open conversation
      </Button>
      {asking && (
        <Suspense>
          <ArchiveDialog client={c} close={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}

function AccountCard({ client: c, mayInvite }: { client: Client; mayInvite: boolean }) {
  const invite = useInviteClient(c.id);
  const joined = c.invited === "joined";
  return (
    <Card title="Account">
      <dl className={page["kv"]}>
        <dt>Email</dt>
        <dd>{c.email ? <Email address={c.email} /> : "None"}</dd>
        <dt>State</dt>
        <dd>
          {joined ? "Has joined" : c.invited === "invited" ? "Invited, not here yet" : "Not invited yet"}
        </dd>
        <dt>Last seen</dt>
        <dd>{c.last_seen_at ? dateTime(c.last_seen_at) : "Not yet"}</dd>
      </dl>
      {mayInvite && c.state === "active" && (
        <div>
          <Button
            icon={joined ? "key-round" : "mail"}
            disabled={invite.isPending}
            onClick={() => invite.mutate()}
          >
            {joined ? "New password link" : c.invited === "invited" ? "Invite again" : "Invite"}
          </Button>
        </div>
      )}
      {invite.data && <InviteLink invitation={invite.data} name={c.name} />}
      <Problem error={invite.error} />
    </Card>
  );
}
