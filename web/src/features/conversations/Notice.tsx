import { type Ref, useEffect, useRef } from "react";
import { useClientAccess } from "../../api/access.ts";
import { isClient, useMe } from "../../api/session.ts";
import type { ClientAccess, Conversation } from "../../api/types.ts";
import { callName } from "../../lib/text.ts";
import { dateTime, shortDate } from "../../lib/time.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { ClientNotice, NoticeFrame } from "../../ui/OffNotice.tsx";
import { Source } from "../../ui/Source.tsx";
import styles from "./Composer.module.css";
import { NoteInstead } from "./team/NoteParts.tsx";
import { mayNote } from "./team/noting.ts";
import { KeptText } from "./KeptText.tsx";

interface NoticeProps {
  conversation: Conversation;
  /** Writing ended just now, in front of whoever was at it. */
  flipped: boolean;
}

/** Stands where the composer would, when the server says that one cannot write here. */
export function Notice({ conversation: c, flipped }: NoticeProps) {
  const me = useMe();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The field that had the focus is gone; whoever was typing goes on here.
    if (flipped && document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [flipped]);
  const chatOff = c.cannot_send_code === "chat_unavailable";
  const locked = c.cannot_send_code === "conversation_locked";
  return (
    <div className={styles["composer"]}>
      {(chatOff || locked) && <KeptText conversation={c} locked={locked} />}
      {chatOff ? (
        isClient(me) ? (
          <Off kind={c.kind} place={place} />
        ) : (
          <StaffNotice conversation={c} place={place} />
        )
      ) : (
        <Plain conversation={c} place={place} />
      )}
    </div>
  );
}

type Place = Ref<HTMLDivElement>;

/** The client's notice; where only community chats are off, the way to what still works. */
function Off({ kind, place }: { kind: string; place: Place }) {
  const { chat } = useMe();
  if (!chat) return null;
  if (kind !== "community") return <ClientNotice ref={place} notice={chat.notice} />;
  const action = chat.direct && (
    <ButtonLink look="primary" icon="message-circle" href="/inbox?new=1">
      Message your care team
    </ButtonLink>
  );
  return <ClientNotice ref={place} notice={chat.community_notice} action={action || undefined} />;
}

/** Who turned it off, why, from where and until when, and the way to change it. */
function StaffNotice({ conversation: c, place }: { conversation: Conversation; place: Place }) {
  const off = c.unavailable;
  const id = off?.client_id ?? c.client_id ?? "";
  const { data: access } = useClientAccess(id);
  const name = off?.name ?? c.members.find((m) => m.kind === "client")?.name ?? "this client";
  return (
    <NoticeFrame
      ref={place}
      amber
      title={`Chat is unavailable for ${name}`}
      facts={off ? facts(off, access) : []}
      actions={
        id !== "" && (
          <>
            <ButtonLink look="primary" href={`/clients/${id}/chat-settings`}>
              {access?.can_change ? "Change in settings" : "See the settings"}
            </ButtonLink>
            <ButtonLink href={`/clients/${id}`}>Open profile</ButtonLink>
            <NoteInstead conversation={c} />
          </>
        )
      }
    >
      {callName(name)} can still open this conversation and read everything above.
    </NoticeFrame>
  );
}

type Unavailable = NonNullable<Conversation["unavailable"]>;
type FactRow = readonly [string, React.ReactNode];

function facts(off: Unavailable, access: ClientAccess | undefined): FactRow[] {
  const by: FactRow[] = off.by
    ? [["Turned off by", `${off.by.name}${off.at ? `, ${dateTime(off.at)}` : ""}`]]
    : [];
  const reason: FactRow[] = off.reason ? [["Reason", off.reason]] : [];
  const until: FactRow[] = off.until ? [["Until", `${lastDay(off.until)}${then(access)}`]] : [];
  const from: FactRow = [
    "Setting from",
    <Source key="source" place={off.source}>
      {sourceWord(off.source, access)}
    </Source>,
  ];
  return [...by, ...reason, from, ...until];
}

function sourceWord(source: Unavailable["source"], access: ClientAccess | undefined): string {
  if (source === "client") return "Set for this client";
  return source === "group" ? `Group ${access?.group?.name ?? ""}`.trim() : "Default when added";
}

/** The last day on which it holds. */
function lastDay(until: string): string {
  return shortDate(new Date(Date.parse(until) - 1).toISOString());
}

function then(access: ClientAccess | undefined): string {
  const d = access?.direct;
  if (!d || d.source !== "client") return "";
  if (d.group !== "unset") return `. Then follows ${access.group?.name ?? "the group"} (${d.group})`;
  return `. Then the default when added (${d.default})`;
}

function Plain({ conversation: c, place }: { conversation: Conversation; place: Place }) {
  const me = useMe();
  const code = c.cannot_send_code ?? "";
  const [title, text] = words(code);
  return (
    <NoticeFrame
      ref={place}
      icon={code === "client_archived" ? "archive" : "lock"}
      title={title}
      actions={mayNote(c, me) && <NoteInstead conversation={c} />}
    >
      {text}
    </NoticeFrame>
  );
}

function words(code: string): [string, string] {
  if (code === "conversation_closed")
    return ["This conversation is closed", "You can still read everything here."];
  if (code === "conversation_locked")
    return ["Only the care team posts here now", "You can read along. Private messages are not affected."];
  if (code === "client_archived") return ["This client is archived", "You can still read everything here."];
  return ["You can read here, but not write", "Ask someone who takes part to add you."];
}
