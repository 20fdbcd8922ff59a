import type { ReactNode } from "react";
import { ApiError } from "../../api/client.ts";
import { can, useMe } from "../../api/session.ts";
import type { Client } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { dateTime, longDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Email } from "../../ui/Email.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { InviteLink } from "../../ui/InviteLink.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Empty, Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import styles from "./Clients.module.css";
import { ClientActions } from "./ClientActions.tsx";
import { ClientForm } from "./ClientForm.tsx";
import { AccountTag } from "./ClientTable.tsx";
import { NextStepCard } from "./NextStepCard.tsx";
import { useClient, useInviteClient } from "./queries.ts";

interface ClientPageProps {
  params: Record<string, string>;
  /** The client's chat access, shown above the account. */
  access?: ReactNode;
  /** How they are told of messages, shown below the account. */
  notifications?: ReactNode;
}

/** One client: who they are, who looks after them, how they get in. */
export function ClientPage({ params, access, notifications }: ClientPageProps) {
  const id = params["id"] ?? "";
  const client = useClient(id);
  if (client.data) return <Profile client={client.data} access={access} notifications={notifications} />;
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

interface ProfileProps {
  client: Client;
  access: ReactNode;
  notifications: ReactNode;
}

function Profile({ client: c, access, notifications }: ProfileProps) {
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
    <Page title={title} above={crumbs} actions={<ClientActions client={c} mayManage={mayManage} />}>
      <div className={page["sides"]}>
        <ClientForm key={formKey(c)} client={c} readOnly={!mayManage} />
        <div>
          {access && <Card title="Chat access">{access}</Card>}
          <AccountCard client={c} mayInvite={mayManage} />
          <NextStepCard key={c.id} clientId={c.id} />
          {notifications}
        </div>
      </div>
    </Page>
  );
}

/** The form starts over when the client was changed elsewhere. */
function formKey(c: Client): string {
  return [c.id, c.name, c.alias, c.email, c.group_id, c.primary_provider_id, ...(c.care_team_ids ?? [])].join(
    "|",
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
      {mayInvite && c.state === "active" && !c.email && (
        <p className="muted">Add an email to invite them: they sign in with it.</p>
      )}
      {mayInvite && c.state === "active" && c.email && (
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
