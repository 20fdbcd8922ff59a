import type { Conversation, Me, Note } from "../../../api/types.ts";
import { isClient } from "../../../api/session.ts";
import { createStore, without } from "../../../lib/store.ts";

/** A note that is being written beside a conversation; in this window only. */
export interface Noting {
  text: string;
  /** The note that is being changed, or null for a new one. */
  editing: Note | null;
}

/** By conversation: where somebody writes a note instead of a message. */
export const noting = createStore<Readonly<Record<string, Noting>>>({});

export function startNote(conversation: string, editing: Note | null = null): void {
  noting.update((all) => {
    const now = all[conversation];
    if (now && !editing && !now.editing) return all; // goes on with what is there
    return { ...all, [conversation]: { text: editing?.body ?? "", editing } };
  });
}

export function typeNote(conversation: string, text: string): void {
  noting.update((all) => {
    const now = all[conversation];
    return now ? { ...all, [conversation]: { ...now, text } } : all;
  });
}

export function endNote(conversation: string): void {
  noting.update((all) => without(all, conversation));
}

/** Whether one may note something here: staff, wherever there are clients. */
export function mayNote(c: Conversation, me: Me): boolean {
  return !isClient(me) && c.kind !== "internal";
}
