import type { ComponentType } from "react";
import type { Conversation, Me } from "../../../api/types.ts";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { communityEntries } from "../community/entries.tsx";

// Where other chapters put what belongs to a conversation as a whole: one line each.

/** Buttons in a thread's header, before "Details": search in this conversation. */
export const headerButtons: readonly ComponentType<{ conversation: Conversation }>[] = [];

/** Under a thread's header: whose it is in the queue, who else is looking. */
export const underHeader: readonly ComponentType<{ conversation: Conversation }>[] = [];

/** More groups of the menu "More actions": assigning, locking, exporting. */
export const conversationEntries: readonly ((conversation: Conversation, me: Me) => readonly MenuEntry[])[] =
  [communityEntries];
