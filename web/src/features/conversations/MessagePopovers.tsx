import { useMemo, useRef } from "react";
import type { Conversation, Me, Message } from "../../api/types.ts";
import { Menu, type MenuEntry } from "../../ui/Menu.tsx";
import { can } from "../../api/session.ts";
import { say } from "../../ui/toast.ts";
import { edit, mayEdit } from "./editing.ts";
import { EmojiPicker } from "./EmojiPicker.tsx";
import { quickReactions } from "./quickReactions.ts";
import type { MessageActs } from "./messageActs.ts";
import styles from "./MessagePopovers.module.css";
import { plainBody } from "./plain.ts";
import { menuEntries } from "./slots/messageMenu.ts";

// Import this file only lazily: it brings react-aria.

export interface PopoverShown {
  what: "menu" | "pick";
  message: Message;
  anchor: HTMLElement;
}

interface PopoverProps extends PopoverShown {
  conversation: Conversation;
  me: Me;
  acts: MessageActs;
  close(): void;
}

/** The menu of a message, or the choice of reactions. */
export function MessagePopover({ what, message, anchor, conversation, me, acts, close }: PopoverProps) {
  const trigger = useRef<HTMLElement | null>(anchor);
  const entries = useMemo(
    () => entriesOf(message, conversation, me, acts, anchor),
    [message, conversation, me, acts, anchor],
  );
  const choose = (emoji: string) => {
    close();
    acts.react(message.id, emoji);
  };
  if (what === "pick") return <EmojiPicker trigger={trigger} close={close} choose={choose} />;
  return (
    <Menu
      label="Message"
      trigger={trigger}
      close={close}
      placement={message.author.id === me.user.id ? "bottom end" : "bottom start"}
      head={acts.mayWrite ? <Quick choose={choose} /> : undefined}
      entries={entries}
    />
  );
}

/** The signs most people want, over the menu. */
function Quick({ choose }: { choose(emoji: string): void }) {
  return (
    <div className={styles["quick"]} role="group" aria-label="React">
      {quickReactions.map(({ sign, name }) => (
        <button key={sign} type="button" aria-label={name} title={name} onClick={() => choose(sign)}>
          {sign}
        </button>
      ))}
    </div>
  );
}

function entriesOf(
  m: Message,
  c: Conversation,
  me: Me,
  acts: MessageActs,
  anchor: HTMLElement,
): MenuEntry[][] {
  const own = m.author.id === me.user.id;
  const answer: MenuEntry[] = acts.mayWrite
    ? [
        { id: "reply", label: "Reply", icon: "reply", hint: "R", act: () => acts.reply(m.id) },
        { id: "react", label: "React…", icon: "smile-plus", hint: "+", act: () => acts.pick(m.id, anchor) },
      ]
    : [];
  const words: MenuEntry[] =
    m.body === "" ? [] : [{ id: "copy", label: "Copy text", icon: "copy", act: () => copy(m) }];
  const more: MenuEntry[] = [];
  if (mayEdit(m, c, me)) more.push({ id: "edit", label: "Edit", icon: "pencil", act: () => edit(m) });
  if (m.edited_at && acts.mayReadVersions)
    more.push({ id: "versions", label: "Earlier versions", icon: "history", act: () => acts.versions(m.id) });
  if (own && c.kind !== "community" && c.members.length > 2)
    more.push({ id: "read", label: "Read by…", icon: "eye", act: () => acts.readBy(m.id) });
  const others = menuEntries.flatMap((of) => of({ message: m, conversation: c, me }));
  const last: MenuEntry[] = mayDelete(m, c, me)
    ? [
        {
          id: "delete",
          label: own ? "Delete" : "Remove for everyone",
          icon: "trash",
          danger: true,
          act: () => acts.remove(m.id),
        },
      ]
    : [];
  return [[...answer, ...words], [...more, ...others], last].filter((group) => group.length > 0);
}

/** One's own always; in a community staff who look after such chats also what others wrote. The server decides. */
function mayDelete(m: Message, c: Conversation, me: Me): boolean {
  if (m.deleted_at || m.kind === "system") return false;
  if (m.author.id === me.user.id) return true;
  const member = c.members.some((x) => x.user_id === me.user.id);
  return c.kind === "community" && member && can(me, "start_community_chats");
}

function copy(m: Message): void {
  navigator.clipboard.writeText(plainBody(m)).then(
    () => say("Copied."),
    () => say("The text could not be copied."),
  );
}
