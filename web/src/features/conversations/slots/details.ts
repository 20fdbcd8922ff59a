import type { ComponentType } from "react";
import type { Conversation, Me } from "../../../api/types.ts";
import { CommunitySection } from "../community/CommunitySection.tsx";

// Where other chapters put sections of the details beside a thread: one line each.

export interface DetailsSection {
  id: string;
  /** Whether this person sees it in this conversation. */
  shown(conversation: Conversation, me: Me): boolean;
  /** Renders a <section> with a heading of level 3. */
  Section: ComponentType<{ conversation: Conversation }>;
}

/** In the order of the design, after chat access: staff notes, members, reads only, shared files. */
export const sections: readonly DetailsSection[] = [
  { id: "community", shown: (c) => c.kind === "community", Section: CommunitySection },
];
