import type { Attachment, Message } from "../../api/types.ts";
import { createStore, without } from "../../lib/store.ts";

/** What goes with the text that is being written in a conversation; in this window only. */
export interface Composing {
  /** The message that is answered. */
  replyTo: Message | null;
  /** The message that is being changed; the composer then holds `editText` and not the draft. */
  editing: Message | null;
  editText: string;
  /** Whom a name means that several members have. */
  picked: Readonly<Record<string, string>>;
  /** Files that are stored and go with the next message. */
  attachments: readonly Attachment[];
  /** Something is under way that sending must wait for, such as an upload. */
  busy: boolean;
}

const nothing: Composing = {
  replyTo: null,
  editing: null,
  editText: "",
  picked: {},
  attachments: [],
  busy: false,
};

/** By conversation; where nothing is kept there is nothing beside the text. */
export const composing = createStore<Readonly<Record<string, Composing>>>({});

export function composingIn(all: Readonly<Record<string, Composing>>, conversation: string): Composing {
  return all[conversation] ?? nothing;
}

export function compose(conversation: string, change: Partial<Composing>): void {
  composing.update((all) => ({ ...all, [conversation]: { ...composingIn(all, conversation), ...change } }));
}

/** What went with the text went out, or was given up. */
export function composed(conversation: string): void {
  composing.update((all) => without(all, conversation));
}
