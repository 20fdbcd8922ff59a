import type { ComponentType } from "react";
import type { Conversation } from "../../../api/types.ts";
import { FindButton, FindPlace } from "../find/FindButton.tsx";
import { TeamPlace } from "../team/TeamPlace.tsx";

// Where other chapters put what belongs to a conversation as a whole: one line each. Lines of
// its menu: conversationMenu.ts.

/** Buttons in a thread's header, before "Details": search in this conversation. */
export const headerButtons: readonly ComponentType<{ conversation: Conversation }>[] = [FindButton];

/** Under a thread's header: whose it is in the queue, who else is looking. */
export const underHeader: readonly ComponentType<{ conversation: Conversation }>[] = [FindPlace, TeamPlace];
