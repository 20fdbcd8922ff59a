import { lazy, Suspense, useRef, useState } from "react";
import { isClient, useMe } from "../../api/session.ts";
import type { Conversation, Me } from "../../api/types.ts";
import { conversationTitle, others } from "../../lib/people.ts";
import { Link } from "../../lib/router.tsx";
import { listed } from "../../lib/text.ts";
import { IconButton } from "../../ui/Button.tsx";
import buttons from "../../ui/Button.module.css";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Name } from "../../ui/Name.tsx";
import { isMuted } from "./muted.ts";
import { memberCount, memberWords } from "./members.ts";
import { RowAvatar } from "./ConversationRow.tsx";
import { shownThread } from "./shownThread.ts";
import { headerButtons, underHeader } from "./slots/header.ts";
import styles from "./Thread.module.css";
import { WaitsButton } from "./WaitsButton.tsx";

const ConversationMenu = lazy(async () => ({
  default: (await import("./conversationMenu.tsx")).ConversationMenu,
}));

interface HeaderProps {
  conversation: Conversation;
  back: string;
  details: boolean;
  toggleDetails(): void;
}

/** Whom one talks to, and that it is seen by whom. */
export function ThreadHeader({ conversation: c, back, details, toggleDetails }: HeaderProps) {
  const me = useMe();
  const client = isClient(me);
  const off = !client && !c.can_send && c.cannot_send_code === "chat_unavailable" && c.kind === "direct";
  const title = conversationTitle(c, me.user.id);
  return (
    <>
      <header className={cx(styles["head"], c.kind === "internal" && styles["staffOnly"])}>
        <Link
          className={cx(buttons["icon"], styles["back"])}
          href={back}
          aria-label="Back to all conversations"
        >
          <Icon name="chevron-left" size={24} />
        </Link>
        {client && <RowAvatar conversation={c} title={title} meId={me.user.id} size={40} />}
        <div className={styles["titles"]}>
          <h1 tabIndex={-1} id="thread-title">
            <Name name={title} off={off} />
          </h1>
          <p className={styles["sub"]}>
            {c.kind === "internal" && <Icon name="lock" size={14} />}
            {off && <Icon name="message-circle-off" size={14} />}
            {c.unanswered_since && <WaitsButton conversation={c} />}
            <span className="clip">{subtitle(c, me, off)}</span>
            {isMuted(c) && <Icon name="bell-off" size={14} />}
          </p>
        </div>
        {headerButtons.map((Part, i) => (
          <Part key={i} conversation={c} />
        ))}
        <IconButton
          label="Details"
          icon={client ? "info" : "panel-right"}
          aria-pressed={details}
          onClick={toggleDetails}
        />
        <More conversation={c} />
      </header>
      {underHeader.map((Part, i) => (
        <Part key={i} conversation={c} />
      ))}
    </>
  );
}

function subtitle(c: Conversation, me: Me, off: boolean): string {
  if (c.closed_at) return "Closed. You can still read it.";
  if (c.kind === "internal") return "Staff only. Clients can’t see this.";
  if (c.kind === "community") return communityWords(c);
  const rest = others(c.members, me.user.id);
  if (isClient(me)) {
    const first = rest[0];
    return rest.length === 1 && first?.title
      ? `${first.title}, ${me.organization.name}`
      : me.organization.name;
  }
  const staff = c.members.filter((m) => m.kind === "staff").map((m) => m.name);
  const state = off ? "Direct Messaging is off" : "Direct message";
  return `${state} · With ${listed(staff)}`;
}

function communityWords(c: Conversation): string {
  const people = memberWords(c);
  if (c.community?.locked) return `Community Chat · ${people} · Only the care team posts`;
  return memberCount(c) === null
    ? `Community Chat · ${people}`
    : `Community Chat · ${people} can see and write here`;
}

function More({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={button}
        label="More actions"
        icon="ellipsis"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <ConversationMenu
            conversation={c}
            me={me}
            label="More actions"
            trigger={button}
            close={() => setOpen(false)}
            toDate={() => shownThread.get()?.toDate()}
          />
        </Suspense>
      )}
    </>
  );
}
