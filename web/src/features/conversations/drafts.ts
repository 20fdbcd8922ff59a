import { createStore, type Store, without } from "../../lib/store.ts";

export interface DraftPorts {
  /** Stores the text with the server; with `leaving` the request must outlive the page. */
  save(conversation: string, text: string, leaving: boolean): Promise<void>;
  /** The server has it now. */
  saved(conversation: string, text: string): void;
}

export interface Drafts {
  /** What was typed here and is not yet known to be stored, by conversation. */
  readonly unsaved: Store<Readonly<Record<string, string>>>;
  type(conversation: string, text: string): void;
  /** Stores what is unsaved now: on leaving a conversation or the page. */
  flush(leaving?: boolean): void;
  /** The text went out as a message. */
  sent(conversation: string): void;
  clear(): void;
}

/** How long typing must rest before the draft is stored. */
export const rest = 600;

/**
 * Keeps what people are writing: at once in memory, soon with the server. One
 * save per conversation is under way at a time, and the newest text wins.
 */
export function createDrafts(ports: DraftPorts): Drafts {
  const unsaved = createStore<Readonly<Record<string, string>>>({});
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const saving = new Set<string>();

  function type(conversation: string, text: string): void {
    unsaved.update((all) => ({ ...all, [conversation]: text }));
    schedule(conversation, rest);
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
    const text = unsaved.get()[conversation];
    if (text === undefined || (saving.has(conversation) && !leaving)) return;
    saving.add(conversation);
    try {
      await ports.save(conversation, text, leaving);
      settled(conversation, text);
    } catch {
      // Kept in memory; the next word, or leaving, tries again.
    } finally {
      saving.delete(conversation);
    }
    const now = unsaved.get()[conversation];
    if (now !== undefined && now !== text) schedule(conversation, rest);
  }

  function settled(conversation: string, text: string): void {
    ports.saved(conversation, text);
    if (unsaved.get()[conversation] !== text) return;
    unsaved.update((all) => without(all, conversation));
  }

  return {
    unsaved,
    type,
    flush(leaving = false) {
      for (const conversation of Object.keys(unsaved.get())) void save(conversation, leaving);
    },
    sent(conversation) {
      unsaved.update((all) => ({ ...all, [conversation]: "" }));
      schedule(conversation, 0);
    },
    clear() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      unsaved.set({});
    },
  };
}
