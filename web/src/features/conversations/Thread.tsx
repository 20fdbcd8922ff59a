import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { useAttentive } from "../../lib/hooks.ts";
import { conversationTitle, others } from "../../lib/people.ts";
import { useStore } from "../../lib/store.ts";
import { callName, listed } from "../../lib/text.ts";
import { outbox } from "../../live/connection.ts";
import { reads, typing } from "../../live/presence.ts";
import { lastSeq, type Thread as Held } from "../../live/thread.ts";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { Composer } from "./Composer.tsx";
import { MessageLog } from "./MessageLog.tsx";
import { markRead } from "./mutations.ts";
import { Notice, useFlipped } from "./Notice.tsx";
import { loadOlder, useThread } from "./queries.ts";
import { buildRows } from "./rows.ts";
import { useInserts } from "./slots/thread.ts";
import styles from "./Thread.module.css";

const none = [] as const;

interface ThreadProps {
  conversation: Conversation;
}

/** The messages of one conversation and where to write; give it the conversation's id as key. */
export function Thread({ conversation: c }: ThreadProps) {
  const me = useMe();
  const thread = useThread(c.id);
  const title = conversationTitle(c, me.user.id);
  if (thread.isPending) {
    return (
      <div className={styles["frame"]}>
        <div className={styles["log"]}>
          <ListSkeleton rows={5} label="Loading messages" />
        </div>
      </div>
    );
  }
  if (!thread.data)
    return <Failed what="this conversation" error={thread.error} retry={() => void thread.refetch()} />;
  return <Loaded conversation={c} held={thread.data} title={title} />;
}

function Loaded({ conversation: c, held, title }: { conversation: Conversation; held: Held; title: string }) {
  const me = useMe();
  const unsent = useStore(outbox.store, (all) => all[c.id]) ?? none;
  const [atEnd, setAtEnd] = useState(true);
  const [sent, setSent] = useState(0);
  const attentive = useAttentive();
  const [newFrom, setNewFrom] = useNewMark(c, held, me.user.id, atEnd && attentive);
  useReading(c, held, atEnd && attentive);

  const staff = !isClient(me);
  const inserts = useInserts(c);
  const rows = useMemo(
    () =>
      buildRows({
        messages: held.items,
        unsent,
        me: { id: me.user.id, name: me.user.name, staff },
        kind: c.kind,
        members: c.members,
        newFrom,
        inserts,
        now: new Date(),
      }),
    [held, unsent, me, staff, c.kind, c.members, newFrom, inserts],
  );
  const readSeq = useReadByOthers(c, me.user.id);
  const flipped = useFlipped(c.can_send);
  const onSent = () => {
    setNewFrom(null);
    setSent(sent + 1);
  };
  const older = useCallback(() => loadOlder(c.id), [c.id]);
  return (
    <>
      {rows.length === 0 ? (
        <Empty title="Nothing here yet">Write the first message below.</Empty>
      ) : (
        <MessageLog
          label={`Messages with ${title}`}
          rows={rows}
          hasMore={held.hasMore}
          loadOlder={older}
          named={isNamed(c, me.user.id, staff)}
          community={c.kind === "community"}
          readSeq={readSeq}
          sent={sent}
          onAtEnd={setAtEnd}
        />
      )}
      <TypingLine conversationId={c.id} />
      {c.can_send ? (
        <Composer key={c.id} conversation={c} title={title} onSent={onSent} />
      ) : (
        <Notice conversation={c} flipped={flipped} />
      )}
    </>
  );
}

/** Whether authors on the other side must be told apart: there can be more than one of them. */
function isNamed(c: Conversation, meId: string, staff: boolean): boolean {
  if (c.kind === "direct" && staff) return false;
  return c.kind === "community" || others(c.members, meId).length > 1;
}

/** Where "New" stands: at what was unread on opening, later at what came while nobody looked. */
function useNewMark(c: Conversation, held: Held, meId: string, looking: boolean) {
  const [mark, setMark] = useState<number | null>(() =>
    c.unread > 0 ? firstUnread(held, c.read_seq, meId) : null,
  );
  const last = lastSeq(held);
  const seen = useRef(last);
  useEffect(() => {
    const stale = mark === null || mark <= seen.current;
    if (!looking && stale && last > seen.current) setMark(firstUnread(held, seen.current, meId) ?? mark);
    if (looking) seen.current = last;
  }, [looking, mark, last, held, meId]);
  return [mark, setMark] as const;
}

function firstUnread(held: Held, after: number, meId: string): number | null {
  return held.items.find((m) => m.seq > after && m.kind !== "system" && m.author.id !== meId)?.seq ?? null;
}

/** Marks as read what is in front of an attentive reader. */
function useReading(c: Conversation, held: Held, looking: boolean): void {
  const last = lastSeq(held);
  const told = useRef(0);
  useEffect(() => {
    const behind = c.unread > 0 || c.marked_unread || c.read_seq < last;
    if (!looking || !behind || told.current >= last) return;
    told.current = last;
    markRead(c.id, last).catch(() => {
      told.current = 0;
    });
  }, [c, last, looking]);
}

/** How far everyone else has read: in a direct thread that is the other side. */
function useReadByOthers(c: Conversation, meId: string): number {
  const heard = useStore(reads, (all) => all[c.id]);
  const me = c.members.find((m) => m.user_id === meId);
  if (c.kind !== "direct") return 0;
  const otherSide = c.members.filter((m) => m.kind !== (me?.kind ?? "staff"));
  return Math.max(0, ...otherSide.map((m) => heard?.[m.user_id] ?? 0));
}

function TypingLine({ conversationId }: { conversationId: string }) {
  const people = useStore(typing, (all) => all[conversationId]);
  const names = Object.values(people ?? {}).map((t) => callName(t.name));
  return (
    <div className={styles["typingBox"]} role="status" hidden={names.length === 0}>
      {names.length > 0 && (
        <p className={styles["typing"]}>
          <span className={styles["dots"]} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {names.length > 3 ? "Several people are" : `${listed(names)} ${names.length === 1 ? "is" : "are"}`}{" "}
          typing
        </p>
      )}
    </div>
  );
}
