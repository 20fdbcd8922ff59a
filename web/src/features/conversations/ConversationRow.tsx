import { lazy, memo, Suspense, useRef, useState } from "react";
import type { Conversation, Me, Message } from "../../api/types.ts";
import { conversationTitle, others } from "../../lib/people.ts";
import { Link } from "../../lib/router.tsx";
import { useStore } from "../../lib/store.ts";
import { callName, count } from "../../lib/text.ts";
import { listTime } from "../../lib/time.ts";
import { outbox } from "../../live/connection.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { cx } from "../../ui/cx.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Name } from "../../ui/Name.tsx";
import { Waits } from "../../ui/Waits.tsx";
import styles from "./Inbox.module.css";
import { memberWords } from "./members.ts";
import { isMuted } from "./muted.ts";
import { plainBody } from "./plain.ts";
import { loadThreadParts } from "./threadParts.ts";
import { useDraftText } from "./useDraft.ts";

const ConversationMenu = lazy(async () => ({
  default: (await import("./conversationMenu.tsx")).ConversationMenu,
}));

interface RowProps {
  conversation: Conversation;
  me: Me;
  selected: boolean;
  href: string;
}

/** One line of the inbox; its accessible name starts with the conversation's title. */
export const ConversationRow = memo(function ConversationRow({
  conversation: c,
  me,
  selected,
  href,
}: RowProps) {
  const title = conversationTitle(c, me.user.id);
  const off = chatIsOff(c, me.user.id);
  const [menu, setMenu] = useState(false);
  const link = useRef<HTMLLIElement>(null);
  const isUnread = c.unread > 0 || c.marked_unread;
  return (
    <li
      ref={link}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu(true);
      }}
    >
      <Link
        className={cx(styles["conv"], isUnread && styles["unread"])}
        href={href}
        aria-current={selected ? "true" : undefined}
        data-conversation-id={c.id}
        onPointerEnter={loadThreadParts}
        onFocus={loadThreadParts}
      >
        <RowAvatar conversation={c} title={title} meId={me.user.id} />
        <span>
          <span className={styles["top"]}>
            <Name name={title} off={off} className={cx(styles["who"], "clip")} />
            {c.pinned && <Mark icon="pin" label="pinned" />}
            {isMuted(c) && <Mark icon="bell-off" label="muted" />}
            {c.assignee && <Assigned name={c.assignee.id === me.user.id ? "you" : c.assignee.name} />}
            <time dateTime={c.last_activity_at}>{listTime(c.last_activity_at)}</time>
          </span>
          {me.user.kind === "client" && (
            <span className={cx(styles["role"], "clip")}>{roleLine(c, me.user.id)}</span>
          )}
          <span className={styles["bot"]}>
            <Preview conversation={c} meId={me.user.id} selected={selected} off={off} />
            {c.unanswered_since && <Waits since={c.unanswered_since} overdue={c.overdue} />}
            <Badge count={c.unread} label="unread messages" />
            {c.unread === 0 && c.marked_unread && (
              <span className={styles["dot"]}>
                <span className="sr">marked unread</span>
              </span>
            )}
          </span>
        </span>
      </Link>
      {menu && (
        <Suspense>
          <ConversationMenu
            conversation={c}
            me={me}
            label={`Actions for ${title}`}
            trigger={link}
            close={() => setMenu(false)}
          />
        </Suspense>
      )}
    </li>
  );
});

/** Who of staff looks after it, told to staff alone. */
function Assigned({ name }: { name: string }) {
  return (
    <span className={styles["mark"]} title={`Looked after by ${name}`}>
      <Avatar name={name} size={18} />
      <span className="sr">looked after by {name}</span>
    </span>
  );
}

function Mark({ icon, label }: { icon: IconName; label: string }) {
  return (
    <span className={styles["mark"]} title={label}>
      <Icon name={icon} size={14} />
      <span className="sr">{label}</span>
    </span>
  );
}

/** Staff see at once where chat is off; clients only learn it inside. */
function chatIsOff(c: Conversation, meId: string): boolean {
  const own = c.members.some((m) => m.user_id === meId && m.kind === "client");
  return !own && !c.can_send && c.cannot_send_code === "chat_unavailable" && c.kind === "direct";
}

interface RowAvatarProps {
  conversation: Conversation;
  title: string;
  meId: string;
  size?: number;
}

export function RowAvatar({ conversation: c, title, meId, size }: RowAvatarProps) {
  const rest = others(c.members, meId);
  const pair = c.kind === "direct" || (c.kind === "internal" && rest.length === 1);
  const person = rest.find((m) => m.kind === "client") ?? rest[0];
  if (!pair || !person) {
    return (
      <Avatar
        className={styles["avatar"]}
        name={title}
        seed={c.id}
        kind={c.kind === "internal" ? "internal" : "community"}
        {...(size && { size })}
      />
    );
  }
  return (
    <Avatar
      className={styles["avatar"]}
      name={person.name}
      off={chatIsOff(c, meId)}
      locked={c.kind === "internal"}
      {...(size && { size })}
    />
  );
}

function roleLine(c: Conversation, meId: string): string {
  if (c.kind === "community") return `Community Chat · ${memberWords(c)}`;
  const staff = others(c.members, meId);
  return staff.length === 1 ? (staff[0]?.title ?? "Your care team") : "Your care team";
}

interface PreviewProps {
  conversation: Conversation;
  meId: string;
  selected: boolean;
  off: boolean;
}

function Preview({ conversation: c, meId, selected, off }: PreviewProps) {
  const draft = useDraftText(c).trim();
  const unsent = useStore(outbox.store, (all) => all[c.id]);
  const waiting = unsent?.[unsent.length - 1];
  if (waiting) {
    return (
      <span className={styles["prev"]}>
        <Icon name={waiting.state === "failed" ? "circle-alert" : "clock"} size={14} />
        <span>
          {waiting.state === "failed" ? "Not sent: " : "You: "}
          {waiting.body}
        </span>
      </span>
    );
  }
  if (draft && !selected) {
    return (
      <span className={styles["prev"]}>
        <span>
          <span className={styles["draft"]}>Draft:</span> {draft}
        </span>
      </span>
    );
  }
  if (off) {
    return (
      <span className={styles["prev"]}>
        <Icon name="message-circle-off" size={14} />
        <span>Chat is off</span>
      </span>
    );
  }
  return (
    <span className={styles["prev"]}>
      {c.blast_id && <Mark icon="megaphone" label="from a message blast" />}
      <span>{lastWords(c, meId)}</span>
    </span>
  );
}

/** The newest message in one line, with whose it is where that is not plain. */
export function lastWords(c: Conversation, meId: string): string {
  const m = c.last_message;
  if (!m) return "No messages yet";
  if (m.deleted_at) return "Message deleted";
  const text = plainBody(m).replace(/\s+/g, " ").slice(0, 160) || filesWords(m);
  if (m.kind === "system") return text;
  if (m.kind === "auto_reply") return `Automatic reply: ${text}`;
  if (m.author.id === meId) return `You: ${text}`;
  const pair =
    c.members.length <= 2 && c.members.some((x) => x.user_id === m.author.id && x.user_id !== meId);
  const fromClient = c.kind === "direct" && m.author.kind === "client";
  return pair || fromClient ? text : `${callName(m.author.name)}: ${text}`;
}

/** What a message without words brings. */
function filesWords(m: Message): string {
  const [first] = m.attachments;
  if (!first) return "";
  const kind = first.media_type.split("/")[0];
  const one = kind === "image" ? "Photo" : kind === "audio" ? "Recording" : first.name;
  return m.attachments.length > 1 ? count(m.attachments.length, "file") : one;
}
