import type { Conversation, Me } from "../../../api/types.ts";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { communityEntries } from "../community/entries.tsx";
import { exportEntries } from "../exports/entries.tsx";
import { findEntries } from "../find/entries.ts";

// Loaded when a menu is opened first, so that what is here weighs nothing before.

/** More groups of the menu "More actions": assigning, locking, exporting. */
export const conversationEntries: readonly ((conversation: Conversation, me: Me) => readonly MenuEntry[])[] =
  [findEntries, communityEntries, exportEntries];
