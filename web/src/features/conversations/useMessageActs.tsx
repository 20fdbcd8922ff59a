import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { explain } from "../../api/client.ts";
import { can, isClient, useMe } from "../../api/session.ts";
import type { Conversation, Me, Message, Person } from "../../api/types.ts";
import { say } from "../../ui/toast.ts";
import { compose } from "./composing.ts";
import { openDialog } from "./dialogs.tsx";
import type { PopoverShown } from "./MessagePopovers.tsx";
import type { MessageActs } from "./messageActs.ts";
import { react } from "./messageApi.ts";
import { shownThread } from "./shownThread.ts";
import { held, type Place } from "./threadQueries.ts";

const MessagePopover = lazy(async () => ({
  default: (await import("./MessagePopovers.tsx")).MessagePopover,
}));
const dialogs = () => import("./messageDialogs.tsx");
const DeleteDialog = lazy(async () => ({ default: (await dialogs()).DeleteDialog }));
const VersionsDialog = lazy(async () => ({ default: (await dialogs()).MessageVersionsDialog }));
const ReadByDialog = lazy(async () => ({ default: (await dialogs()).ReadByDialog }));
const DateDialog = lazy(async () => ({ default: (await dialogs()).DateDialog }));

/** What can be done with the messages of a conversation, and the popover that is open. */
export function useMessageActs(c: Conversation, go: (place: Place) => Promise<boolean>) {
  const me = useMe();
  const [shown, setShown] = useState<PopoverShown | null>(null);
  const latest = useRef({ c, go, me });
  useEffect(() => {
    latest.current = { c, go, me };
  });
  const mayWrite = c.can_send;
  const mayReadVersions = !isClient(me) && can(me, "read_audit_log");
  const acts = useMemo(
    () => actsOf(latest, setShown, mayWrite, mayReadVersions),
    [mayWrite, mayReadVersions],
  );
  useEffect(() => {
    shownThread.set(acts);
    return () => shownThread.set(null);
  }, [acts]);
  const popover: ReactNode = shown && (
    <Suspense>
      <MessagePopover {...shown} conversation={c} me={me} acts={acts} close={() => setShown(null)} />
    </Suspense>
  );
  return { acts, popover };
}

interface Latest {
  current: { c: Conversation; go: (place: Place) => Promise<boolean>; me: Me };
}

function actsOf(
  latest: Latest,
  show: (shown: PopoverShown | null) => void,
  mayWrite: boolean,
  mayReadVersions: boolean,
): MessageActs {
  const find = (id: string) => held(latest.current.c.id)?.items.find((m) => m.id === id);
  const withMessage = (id: string, act: (m: Message) => void) => {
    const m = find(id);
    if (m && !m.deleted_at) act(m);
  };
  const open = (what: PopoverShown["what"]) => (id: string, anchor: HTMLElement) =>
    withMessage(id, (message) => show({ what, message, anchor }));
  return {
    mayWrite,
    mayReadVersions,
    menu: open("menu"),
    pick: (id, anchor) => mayWrite && open("pick")(id, anchor),
    reply: (id) =>
      mayWrite &&
      withMessage(id, (m) => compose(m.conversation_id, { replyTo: m, editing: null, editText: "" })),
    react: (id, emoji) => withMessage(id, (m) => void toggle(m, emoji, latest.current.me)),
    remove: (id) =>
      withMessage(id, (m) => {
        const own = m.author.id === latest.current.me.user.id;
        openDialog((close) => <DeleteDialog message={m} own={own} close={close} />);
      }),
    versions: (id) =>
      withMessage(id, (m) => openDialog((close) => <VersionsDialog message={m} close={close} />)),
    readBy: (id) =>
      withMessage(id, (m) => {
        const { c, me } = latest.current;
        openDialog((close) => <ReadByDialog message={m} conversation={c} me={me} close={close} />);
      }),
    jump: (seq) => void latest.current.go({ seq }),
    toDate: () => {
      const { c, go } = latest.current;
      openDialog((close) => <DateDialog from={c.created_at} choose={(at) => go({ at })} close={close} />);
    },
    nameOf: (user, mentions = []) => nameIn(user, mentions, latest.current.c),
  };
}

function nameIn(user: string, mentions: readonly Person[], c: Conversation): string {
  const said = mentions.find((p) => p.id === user) ?? c.members.find((m) => m.user_id === user);
  return said?.name ?? "someone";
}

async function toggle(m: Message, emoji: string, me: Me): Promise<void> {
  const on = !(m.reactions ?? []).some((r) => r.emoji === emoji && r.user_ids.includes(me.user.id));
  try {
    await react(m, emoji, me.user.id, on);
  } catch (error) {
    say(`The reaction was not saved. ${explain(error)}`);
  }
}
