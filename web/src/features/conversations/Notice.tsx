import type { ReactNode } from "react";
import { isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { callName } from "../../lib/text.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import styles from "./Composer.module.css";

/** Stands where the composer would, when the server says that one cannot write here. */
export function Notice({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const chatOff = c.cannot_send_code === "chat_unavailable";
  return (
    <div className={styles["composer"]}>
      {chatOff ? (
        isClient(me) ? (
          <ClientNotice kind={c.kind} />
        ) : (
          <StaffNotice conversation={c} />
        )
      ) : (
        <Plain code={c.cannot_send_code ?? ""} />
      )}
    </div>
  );
}

interface FrameProps {
  icon: IconName;
  title: string;
  tone?: "client" | "amber";
  actions?: ReactNode;
  children: ReactNode;
}

function Frame({ icon, title, tone, actions, children }: FrameProps) {
  return (
    <div className={cx(styles["notice"], tone && styles[tone])} role="status">
      <span>
        <Icon name={icon} />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
        {actions && <div className={styles["acts"]}>{actions}</div>}
      </div>
    </div>
  );
}

/** Calm, without a reason, with another way to reach care. */
function ClientNotice({ kind }: { kind: string }) {
  const notice = useMe().chat?.notice;
  const title = kind === "community" ? "Community Chat is turned off" : "Messaging is turned off";
  return (
    <Frame
      icon="message-circle-off"
      tone="client"
      title={kind === "community" ? title : notice?.title || title}
      actions={
        <>
          {notice?.phone && <Call look="primary" number={notice.phone} label={`Call ${notice.phone}`} />}
          <Call look="outline" number="911" label="In an emergency, call 911" />
        </>
      }
    >
      {notice?.body || "You can still read everything here."}
    </Frame>
  );
}

function Call({ look, number, label }: { look: "primary" | "outline"; number: string; label: string }) {
  return (
    <Button
      look={look}
      icon="phone"
      onClick={() => {
        window.location.href = `tel:${number.replace(/[^\d+]/g, "")}`;
      }}
    >
      {label}
    </Button>
  );
}

function StaffNotice({ conversation: c }: { conversation: Conversation }) {
  const client = c.members.find((m) => m.kind === "client");
  const name = client?.name ?? "this client";
  return (
    <Frame
      icon="message-circle-off"
      tone="amber"
      title={`Chat is unavailable for ${name}`}
      actions={c.client_id && <ButtonLink href={`/clients/${c.client_id}`}>Open profile</ButtonLink>}
    >
      {callName(name)} can still open this conversation and read everything above.
    </Frame>
  );
}

function Plain({ code }: { code: string }) {
  const [title, text] = words(code);
  return (
    <Frame icon={code === "client_archived" ? "archive" : "lock"} title={title}>
      {text}
    </Frame>
  );
}

function words(code: string): [string, string] {
  if (code === "conversation_closed")
    return ["This conversation is closed", "You can still read everything here."];
  if (code === "client_archived") return ["This client is archived", "You can still read everything here."];
  return ["You can read here, but not write", "Ask someone who takes part to add you."];
}
