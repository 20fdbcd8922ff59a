import type { MenuEntry } from "../../../ui/Menu.tsx";
import { reportEntries } from "../community/entries.tsx";
import type { MessagePorts } from "./message.ts";

// Loaded when a menu is opened first, so that what is here weighs nothing before.

/** More lines of a message's menu, before "Delete": reporting, files. A line that is not for this message is left out. */
export const menuEntries: readonly ((ports: MessagePorts) => readonly MenuEntry[])[] = [reportEntries];
