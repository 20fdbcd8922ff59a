import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense, useState } from "react";
import { api, ask } from "../../api/client.ts";
import { useStaff } from "../../api/directory.ts";
import { keys } from "../../api/keys.ts";
import { isClient, useMe } from "../../api/session.ts";
import type { Client, Conversation, Me, Member } from "../../api/types.ts";
import { conversationTitle } from "../../lib/people.ts";
import { count } from "../../lib/text.ts";
import { listTime, longDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Email } from "../../ui/Email.tsx";
import { Button, ButtonLink, IconButton } from "../../ui/Button.tsx";
import { Name } from "../../ui/Name.tsx";
import styles from "./ContextPanel.module.css";
import { openMembers } from "./conversationActs.tsx";
import { RowAvatar } from "./ConversationRow.tsx";
import { isOff, memberCount, memberWord } from "./members.ts";
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
      <Members conversation={c} me={me} />
      <Suspense>
        {sections.map(({ id, shown, Section }) => shown(c, me) && <Section key={id} conversation={c} />)}
      </Suspense>
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

/** Who takes part, and in a community those who only read. */
function Members({ conversation: c, me }: { conversation: Conversation; me: Me }) {
  const readers = c.kind === "community" ? c.members.filter((m) => isOff(m, c.kind)) : [];
  const members = c.members.filter((m) => !readers.includes(m));
  return (
    <>
      <section>
        <div className={styles["sh"]}>
          <h3>{memberCount(c) === null ? "Care team and you" : count(members.length, "member")}</h3>
          {!isClient(me) && (
            <Button size="small" look="ghost" onClick={() => openMembers(c)}>
              Manage
            </Button>
          )}
        </div>
        <People members={members} meId={me.user.id} kind={c.kind} />
      </section>
      {readers.length > 0 && (
        <section>
          <h3>Reads only</h3>
          <People members={readers} meId={me.user.id} kind={c.kind} />
          <p className={styles["note"]}>
            They can read what was posted while they took part. They get no new posts and can’t write.
          </p>
        </section>
      )}
    </>
  );
}

function People({ members, meId, kind }: { members: readonly Member[]; meId: string; kind: string }) {
  const [all, setAll] = useState(false);
  const shown = all ? members : members.slice(0, fewMembers);
  return (
    <>
      <ul className={styles["members"]}>
        {shown.map((m) => (
          <li key={m.user_id}>
            <Avatar name={m.name} size={32} off={isOff(m, kind)} />
            <span>
              <b>
                <Name name={m.name} off={isOff(m, kind)} />
                {m.user_id === meId && " (you)"}
              </b>
              <small>
                {isOff(m, kind) && kind === "community" ? "Community Chat is off" : memberWord(m)}
              </small>
            </span>
          </li>
        ))}
      </ul>
      {!all && members.length > fewMembers && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          Show all {members.length}
        </button>
      )}
    </>
  );
}
