import { lazy, type RefObject } from "react";
import { can, isClient } from "../../api/session.ts";
import type { Conversation, Me } from "../../api/types.ts";
import { navigate } from "../../lib/router.tsx";
import { Menu, type MenuEntry } from "../../ui/Menu.tsx";
import { leaveUnread, openMembers } from "./conversationActs.tsx";
import { archive, mute, pin, reopen, unarchive } from "./conversationState.ts";
import { openDialog } from "./dialogs.tsx";
import { inboxHref } from "./filters.ts";
import { isMuted } from "./muted.ts";
import { needlessEntry } from "./needless.ts";
import { conversationEntries } from "./slots/conversationMenu.ts";

// Import this file only lazily: it brings react-aria.

interface MenuProps {
  conversation: Conversation;
  me: Me;
  label: string;
  trigger: RefObject<HTMLElement | null>;
  close(): void;
  /** Asks for a date to go to; only in an open thread. */
  toDate?: () => void;
}

/** The menu of a conversation: the same in its header and in the list. */
export function ConversationMenu({ conversation, me, toDate, ...menu }: MenuProps) {
  return <Menu {...menu} entries={menuOf(conversation, me, toDate)} />;
}

const dialogs = () => import("./conversationDialogs.tsx");
const MuteDialog = lazy(async () => ({ default: (await dialogs()).MuteDialog }));
const CloseDialog = lazy(async () => ({ default: (await dialogs()).CloseDialog }));
const RenameDialog = lazy(async () => ({ default: (await dialogs()).RenameDialog }));
const LeaveDialog = lazy(async () => ({ default: (await dialogs()).LeaveDialog }));

/** Everything that can be done with a conversation as a whole; what the server would refuse anyway is left out where that is known. */
function menuOf(c: Conversation, me: Me, toDate?: () => void): MenuEntry[][] {
  const member = c.members.some((m) => m.user_id === me.user.id);
  return [
    mine(c, member),
    whole(c, me, member, toDate),
    ...conversationEntries.map((entries) => [...entries(c, me)]),
    ending(c, me, member),
  ].filter((group) => group.length > 0);
}

/** One's own view of it. */
function mine(c: Conversation, member: boolean): MenuEntry[] {
  if (!member) return [];
  const muted = isMuted(c);
  return [
    { id: "unread", label: "Mark as unread", icon: "mail", hint: "U", act: () => leaveUnread(c.id) },
    c.pinned
      ? { id: "pin", label: "Unpin", icon: "pin-off", act: () => void pin(c, false) }
      : { id: "pin", label: "Pin to the top", icon: "pin", act: () => void pin(c, true) },
    muted
      ? { id: "mute", label: "Unmute", icon: "bell", act: () => void mute(c, null) }
      : {
          id: "mute",
          label: "Mute…",
          icon: "bell-off",
          act: () => openDialog((close) => <MuteDialog conversation={c} close={close} />),
        },
    c.archived
      ? {
          id: "archive",
          label: "Move back to the inbox",
          icon: "archive-restore",
          act: () => void unarchive(c),
        }
      : { id: "archive", label: "Archive", icon: "archive", act: () => archiveAndLeave(c) },
  ];
}

function archiveAndLeave(c: Conversation): void {
  if (window.location.pathname === `/inbox/${c.id}`) navigate(inboxHref(""));
  void archive(c);
}

function whole(c: Conversation, me: Me, member: boolean, toDate?: () => void): MenuEntry[] {
  const entries: MenuEntry[] = [];
  if (toDate) entries.push({ id: "date", label: "Go to a date…", icon: "calendar", act: toDate });
  if (isClient(me)) return entries;
  entries.push({ id: "members", label: "Members", icon: "users-round", act: () => openMembers(c) });
  const keeps = c.kind === "internal" || (c.kind === "community" && can(me, "start_community_chats"));
  if (member && keeps && !c.closed_at) {
    entries.push({
      id: "rename",
      label: "Rename…",
      icon: "pencil",
      act: () => openDialog((close) => <RenameDialog conversation={c} close={close} />),
    });
  }
  return entries;
}

/** For everyone. */
function ending(c: Conversation, me: Me, member: boolean): MenuEntry[] {
  if (isClient(me)) return [];
  const entries: MenuEntry[] = [];
  if (member && c.kind !== "direct") {
    entries.push({
      id: "leave",
      label: "Leave…",
      icon: "log-out",
      act: () => openDialog((close) => <LeaveDialog conversation={c} me={me} close={close} />),
    });
  }
  if (c.unanswered_since !== null) entries.push(needlessEntry(c));
  entries.push(
    c.closed_at
      ? { id: "reopen", label: "Reopen", icon: "rotate-cw", act: () => void reopen(c) }
      : {
          id: "close",
          label: "Close for everyone…",
          icon: "circle-check",
          act: () => openDialog((close) => <CloseDialog conversation={c} close={close} />),
        },
  );
  return entries;
}
