import type { ReactNode } from "react";
import type { Conversation } from "../../../api/types.ts";
import { useNoteInserts } from "../team/NoteInsert.tsx";

// Where other chapters put things between the messages of a thread.

/** Something that stands in a thread and is no message, such as a staff note. */
export interface Insert {
  key: string;
  /** It stands after this message; 0 is before the first. */
  afterSeq: number;
  at: string;
  content: ReactNode;
}

/** What stands between the messages of a conversation; the same list while nothing changed. */
export const useInserts: (conversation: Conversation) => readonly Insert[] = useNoteInserts;
