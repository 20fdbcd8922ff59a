import type { Attachment } from "../../api/types.ts";
import { createStore, type Store, without } from "../../lib/store.ts";

/** What goes with a text: the message it answers, and files. */
export interface Aside {
  replyTo: string | null;
  files: readonly Attachment[];
}

/** What changed about a draft: its text, what goes with it, or both. */
export interface DraftChange {
  text?: string;
  aside?: Aside;
}

export interface DraftPorts {
  /** Stores the change with the server; with `leaving` the request must outlive the page. */
  save(conversation: string, change: DraftChange, leaving: boolean): Promise<void>;
  /** The server has it now. */
  saved(conversation: string, change: DraftChange): void;
}

export interface Drafts {
  /** What was changed here and is not yet known to be stored, by conversation. */
  readonly unsaved: Store<Readonly<Record<string, DraftChange>>>;
  type(conversation: string, text: string): void;
  /** Another message is answered, or other files go with the text. */
  put(conversation: string, aside: Aside): void;
  /** Stores what is unsaved now: on leaving a conversation or the page. */
  flush(leaving?: boolean): void;
  /** It went out as a message. */
  sent(conversation: string): void;
  clear(): void;
}

/** How long typing must rest before the draft is stored. */
export const rest = 600;

/**
 * Keeps what people are writing: at once in memory, soon with the server. One
 * save per conversation is under way at a time, and what is newest wins.
 */
export function createDrafts(ports: DraftPorts): Drafts {
  const unsaved = createStore<Readonly<Record<string, DraftChange>>>({});
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const saving = new Set<string>();

  function change(conversation: string, part: DraftChange, ms: number): void {
    unsaved.update((all) => ({ ...all, [conversation]: { ...all[conversation], ...part } }));
    schedule(conversation, ms);
  }

  function schedule(conversation: string, ms: number): void {
    clearTimeout(timers.get(conversation));
    timers.set(
      conversation,
      setTimeout(() => void save(conversation, false), ms),
    );
  }

  async function save(conversation: string, leaving: boolean): Promise<void> {
    clearTimeout(timers.get(conversation));
    timers.delete(conversation);
    const part = unsaved.get()[conversation];
    if (part === undefined || (saving.has(conversation) && !leaving)) return;
    saving.add(conversation);
    try {
      await ports.save(conversation, part, leaving);
      settled(conversation, part);
    } catch {
      // Kept in memory; the next word, or leaving, tries again.
    } finally {
      saving.delete(conversation);
    }
    const now = unsaved.get()[conversation];
    if (now !== undefined && now !== part) schedule(conversation, rest);
  }

  function settled(conversation: string, part: DraftChange): void {
    ports.saved(conversation, part);
    if (unsaved.get()[conversation] !== part) return;
    unsaved.update((all) => without(all, conversation));
  }

  return {
    unsaved,
    type: (conversation, text) => change(conversation, { text }, rest),
    put: (conversation, aside) => change(conversation, { aside }, rest),
    flush(leaving = false) {
      for (const conversation of Object.keys(unsaved.get())) void save(conversation, leaving);
    },
    sent(conversation) {
      change(conversation, { text: "", aside: { replyTo: null, files: [] } }, 0);
    },
    clear() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      unsaved.set({});
    },
  };
}
