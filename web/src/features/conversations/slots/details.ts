import { type ComponentType, lazy } from "react";
import type { Conversation, Me } from "../../../api/types.ts";
import { mayNote } from "../team/noting.ts";

// Where other chapters put sections of the details beside a thread: one line each.

export interface DetailsSection {
  id: string;
  /** Whether this person sees it in this conversation. */
  shown(conversation: Conversation, me: Me): boolean;
  /** Renders a <section> with a heading of level 3; loaded lazily, so that it weighs nothing where it is not shown. */
  Section: ComponentType<{ conversation: Conversation }>;
}

const CommunitySection = lazy(async () => ({
  default: (await import("../community/CommunitySection.tsx")).CommunitySection,
}));

const NotesSection = lazy(async () => ({
  default: (await import("../team/NotesSection.tsx")).NotesSection,
}));

const SharedFilesSection = lazy(async () => ({
  default: (await import("../files/SharedFiles.tsx")).SharedFilesSection,
}));

/** In the order of the design, after chat access: staff notes, members, reads only, shared files. */
export const sections: readonly DetailsSection[] = [
  { id: "notes", shown: mayNote, Section: NotesSection },
  { id: "community", shown: (c) => c.kind === "community", Section: CommunitySection },
  { id: "files", shown: () => true, Section: SharedFilesSection },
];
