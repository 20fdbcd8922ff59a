import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, ask } from "../../api/client.ts";
import { useStaff } from "../../api/directory.ts";
import { keys } from "../../api/keys.ts";
import { isClient, useMe } from "../../api/session.ts";
import type { Client, Conversation, Member } from "../../api/types.ts";
import { conversationTitle } from "../../lib/people.ts";
import { count } from "../../lib/text.ts";
import { listTime, longDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Email } from "../../ui/Email.tsx";
import { ButtonLink, IconButton } from "../../ui/Button.tsx";
import { Name } from "../../ui/Name.tsx";
import styles from "./ContextPanel.module.css";
import { RowAvatar } from "./ConversationRow.tsx";
import { sections } from "./slots/details.ts";

interface PanelProps {
  conversation: Conversation;
  /** A client's chat access. */
  about(clientId: string): ReactNode;
  close(): void;
}

/** The third pane: whom one talks to. */
export function ContextPanel({ conversation: c, about, close }: PanelProps) {
  const me = useMe();
  const title = conversationTitle(c, me.user.id);
  const aboutClient = c.kind === "direct" && !isClient(me) && c.client_id;
  return (
    <aside className={styles["ctx"]} aria-label={`About ${title}`}>
      <div className={styles["close"]}>
        <IconButton label="Close details" icon="x" iconSize={20} onClick={close} />
      </div>
      <section>
        <div className={styles["top"]}>
          <RowAvatar conversation={{ ...c, can_send: true }} title={title} meId={me.user.id} size={54} />
          <div>
            <h2>{title}</h2>
            <p className="muted">{kindWord(c)}</p>
          </div>
        </div>
        {aboutClient && <AboutClient id={aboutClient} />}
        {!aboutClient && (
          <dl className={styles["kv"]}>
            <dt>Started</dt>
            <dd>{longDate(c.created_at)}</dd>
          </dl>
        )}
      </section>
      {aboutClient && (
        <section aria-label="Chat access">
          <h3>Chat access</h3>
          {about(aboutClient)}
        </section>
      )}
      <Members members={c.members} meId={me.user.id} kind={c.kind} />
      {sections.map(({ id, shown, Section }) => shown(c, me) && <Section key={id} conversation={c} />)}
    </aside>
  );
}

function kindWord(c: Conversation): string {
  if (c.kind === "internal") return "Internal";
  return c.kind === "community" ? "Community Chat" : "Direct message";
}

function AboutClient({ id }: { id: string }) {
  const { data: client } = useQuery({
    queryKey: keys.client(id),
    queryFn: () => ask(api.GET("/api/v1/clients/{id}", { params: { path: { id } } })) as Promise<Client>,
  });
  const { data: staff } = useStaff();
  if (!client) return null;
  const team = (client.care_team_ids ?? []).map((s) => staff?.find((x) => x.id === s)?.name).filter(Boolean);
  return (
    <>
      <dl className={styles["kv"]}>
        <dt>Care team</dt>
        <dd>{team.join(", ") || client.provider_name}</dd>
        <dt>Group</dt>
        <dd>{client.group_name ?? "None"}</dd>
        <dt>Email</dt>
        <dd>{client.email ? <Email address={client.email} /> : "None"}</dd>
        <dt>Last seen</dt>
        <dd>{client.last_seen_at ? listTime(client.last_seen_at) : "Not yet"}</dd>
      </dl>
      <div className={styles["acts"]}>
        <ButtonLink size="small" href={`/clients/${id}`}>
          Open profile
        </ButtonLink>
      </div>
    </>
  );
}

const fewMembers = 8;

function Members({ members, meId, kind }: { members: readonly Member[]; meId: string; kind: string }) {
  const [all, setAll] = useState(false);
  const shown = all ? members : members.slice(0, fewMembers);
  return (
    <section>
      <h3>{count(members.length, "member")}</h3>
      <ul className={styles["members"]}>
        {shown.map((m) => (
          <li key={m.user_id}>
            <Avatar name={m.name} size={32} off={isOff(m, kind)} />
            <span>
              <b>
                <Name name={m.name} off={isOff(m, kind)} />
                {m.user_id === meId && " (you)"}
              </b>
              <small>{memberWord(m)}</small>
            </span>
          </li>
        ))}
      </ul>
      {!all && members.length > fewMembers && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          Show all {members.length}
        </button>
      )}
    </section>
  );
}

/** Staff see at once who cannot take part in this very conversation. */
function isOff(m: Member, kind: string): boolean {
  if (!m.chat) return false;
  return kind === "community" ? !m.chat.community : !m.chat.direct;
}

function memberWord(m: Member): string {
  if (m.kind === "client") return "Client";
  return m.title || (m.role ? m.role.charAt(0).toUpperCase() + m.role.slice(1) : "Care team");
}
