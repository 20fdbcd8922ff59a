import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { useAttentive } from "../../lib/hooks.ts";
import { conversationTitle, others } from "../../lib/people.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { useStore } from "../../lib/store.ts";
import { outbox } from "../../live/connection.ts";
import { firstSeq, lastSeq, type Thread as Held } from "../../live/thread.ts";
import { say } from "../../ui/toast.ts";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { Composer } from "./Composer.tsx";
import { MessageLog } from "./MessageLog.tsx";
import { ActsContext } from "./messageActs.ts";
import { markRead } from "./mutations.ts";
import { useReceipts } from "./receipts.ts";
import { buildRows } from "./rows.ts";
import { useInserts } from "./slots/thread.ts";
import { noting } from "./team/noting.ts";
import styles from "./Thread.module.css";
import {
  held as heldNow,
  loadNewer,
  loadOlder,
  type Place,
  showAround,
  showNewest,
  useThread,
} from "./threadQueries.ts";
import { TypingLine } from "./TypingLine.tsx";
import type { Target } from "./useLogScroll.ts";
import { useFlipped } from "./useFlipped.ts";
import { useMessageActs } from "./useMessageActs.tsx";

const Notice = lazy(async () => ({ default: (await import("./Notice.tsx")).Notice }));

const NoteComposer = lazy(async () => ({ default: (await import("./team/NoteComposer.tsx")).NoteComposer }));

const none = [] as const;

interface ThreadProps {
  conversation: Conversation;
}

/** The messages of one conversation and where to write; give it the conversation's id as key. */
export function Thread({ conversation: c }: ThreadProps) {
  const me = useMe();
  const wanted = Number(useParam("m")) || 0;
  const thread = useThread(c.id, wanted);
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
  return <Loaded conversation={c} held={thread.data} title={title} wanted={wanted} />;
}

interface LoadedProps {
  conversation: Conversation;
  held: Held;
  title: string;
  /** The message that the address asks for; 0 for none. */
  wanted: number;
}

function Loaded({ conversation: c, held, title, wanted }: LoadedProps) {
  const me = useMe();
  const unsent = useStore(outbox.store, (all) => all[c.id]) ?? none;
  const [atEnd, setAtEnd] = useState(true);
  const [sent, setSent] = useState(0);
  const looking = useAttentive() && atEnd && !held.hasNewer;
  const [fresh, setFresh] = useNewMark(c, held, me.user.id, looking);
  useReading(c, held, looking);
  const { target, go } = usePlaces(c.id, wanted);
  const { acts, popover } = useMessageActs(c, go);

  const staff = !isClient(me);
  const inserts = useInserts(c);
  const noted = useStore(noting, (all) => c.id in all);
  const rows = useMemo(
    () =>
      buildRows({
        messages: held.items,
        unsent: held.hasNewer ? none : unsent,
        me: { id: me.user.id, name: me.user.name, staff },
        kind: c.kind,
        members: c.members,
        newFrom: fresh?.from ?? null,
        hasMore: held.hasMore,
        inserts: held.hasNewer ? inserts.filter((i) => i.afterSeq <= lastSeq(held)) : inserts,
        now: new Date(),
      }),
    [held, unsent, me, staff, c.kind, c.members, fresh, inserts],
  );
  const receipts = useReceipts(c, me.user.id, held);
  const flipped = useFlipped(c.can_send);
  const onSent = () => {
    setFresh(null);
    void toNewest().then(() => setSent((n) => n + 1));
  };
  const older = useCallback(() => loadOlder(c.id), [c.id]);
  const newer = useCallback(() => loadNewer(c.id), [c.id]);
  const toNewest = useCallback(() => {
    setParams({ m: "" });
    return showNewest(c.id);
  }, [c.id]);
  return (
    <ActsContext value={acts}>
      {rows.length === 0 ? (
        <Empty title="Nothing here yet">Write the first message below.</Empty>
      ) : (
        <MessageLog
          label={`Messages with ${title}`}
          rows={rows}
          hasMore={held.hasMore}
          hasNewer={held.hasNewer ?? false}
          loadOlder={older}
          loadNewer={newer}
          toNewest={toNewest}
          target={target}
          newAbove={fresh && fresh.from === null ? fresh.count : 0}
          toFirstNew={() => fresh && void go({ seq: fresh.after + 1 }).then(() => setFresh(null))}
          unread={c.unread}
          named={isNamed(c, me.user.id, staff)}
          community={c.kind === "community"}
          receipts={receipts}
          sent={sent}
          acts={acts}
          onAtEnd={setAtEnd}
        />
      )}
      {popover}
      <TypingLine conversationId={c.id} />
      {noted ? (
        <Suspense>
          <NoteComposer key={c.id} conversation={c} title={title} />
        </Suspense>
      ) : c.can_send ? (
        <Composer key={c.id} conversation={c} title={title} onSent={onSent} />
      ) : (
        <Suspense>
          <Notice conversation={c} flipped={flipped} />
        </Suspense>
      )}
    </ActsContext>
  );
}

let nonce = 0;

/** Going to a message, by a press here or because the address asks for it. */
function usePlaces(id: string, wanted: number) {
  const [target, setTarget] = useState<Target | null>(() =>
    wanted > 0 ? { seq: wanted, nonce: ++nonce } : null,
  );
  const went = useRef(wanted);
  const go = useCallback(
    async (place: Place): Promise<boolean> => {
      try {
        const seq = "seq" in place && isHeld(id, place.seq) ? place.seq : await showAround(id, place);
        if (seq === null) return false;
        went.current = seq;
        setTarget({ seq, nonce: ++nonce });
        setParams({ m: String(seq) });
        return true;
      } catch {
        say("That part of the conversation couldn’t be loaded. Try again in a moment.");
        return false;
      }
    },
    [id],
  );
  useEffect(() => {
    if (wanted === went.current) return;
    went.current = wanted;
    if (wanted > 0) void go({ seq: wanted });
  }, [wanted, go]);
  return { target, go };
}

function isHeld(id: string, seq: number): boolean {
  const held = heldNow(id);
  return held !== undefined && seq >= firstSeq(held) && seq <= lastSeq(held);
}

/** Whether authors on the other side must be told apart: there can be more than one of them. */
function isNamed(c: Conversation, meId: string, staff: boolean): boolean {
  if (c.kind === "direct" && staff) return false;
  return c.kind === "community" || others(c.members, meId).length > 1;
}

interface Fresh {
  /** Everything after this was new. */
  after: number;
  /** The first new message; null where it lies further up than what is held. */
  from: number | null;
  count: number;
}

/** Where "New" stands: at what was unread on opening, later at what came while nobody looked. */
function useNewMark(c: Conversation, held: Held, meId: string, looking: boolean) {
  const [mark, setMark] = useState<Fresh | null>(() =>
    c.unread > 0 ? firstUnread(held, c.read_seq, meId, c.unread) : null,
  );
  const last = lastSeq(held);
  const seen = useRef(last);
  useEffect(() => {
    const stale = mark === null || (mark.from ?? 0) <= seen.current;
    if (!looking && !held.hasNewer && stale && last > seen.current)
      setMark(firstUnread(held, seen.current, meId, 0) ?? mark);
    if (looking) seen.current = last;
  }, [looking, mark, last, held, meId]);
  return [mark, setMark] as const;
}

function firstUnread(held: Held, after: number, meId: string, count: number): Fresh | null {
  if (held.hasMore && firstSeq(held) > after + 1) return { after, from: null, count };
  const from = held.items.find((m) => m.seq > after && m.kind !== "system" && m.author.id !== meId)?.seq;
  return from === undefined ? null : { after, from, count };
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
