import type { ComponentType } from "react";
import type { Conversation, Me, Message } from "../../../api/types.ts";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { reportEntries } from "../community/entries.tsx";
import { MessageFiles } from "../files/MessageFiles.tsx";
import type { BubbleRow } from "../rows.ts";

// Where other chapters put what belongs to a message: one line each.

/** The message a menu is about, and who reads it where. */
export interface MessagePorts {
  message: Message;
  conversation: Conversation;
  me: Me;
}

/** More lines of a message's menu, before "Delete": reporting, files. A line that is not for this message is left out. */
export const menuEntries: readonly ((ports: MessagePorts) => readonly MenuEntry[])[] = [reportEntries];

/** What a bubble shows beside its text, such as files; each shows nothing where it has nothing. */
export const bubbleParts: readonly ComponentType<{ row: BubbleRow }>[] = [MessageFiles];
