import { createStore } from "../lib/store.ts";

/** What stands at the foot of the page for a moment. */
export interface Toast {
  id: number;
  text: string;
  /** Milliseconds until it goes, not counting while someone points at it. */
  ms: number;
  undo?: () => void;
}

export const toast = createStore<Toast | null>(null);

/** How long an undo stays offered in sight. */
export const undoShown = 10_000;

let made = 0;

/** Confirms something in one short sentence, for five seconds. */
export function say(text: string): void {
  toast.set({ id: ++made, text, ms: 5_000 });
}

/** Confirms something that can be taken back. */
export function sayUndo(text: string, undo: () => void): void {
  toast.set({ id: ++made, text, ms: undoShown, undo });
}

/** Takes back what the toast in sight offers to; false where there is nothing. */
export function undoLast(): boolean {
  const shown = toast.get();
  if (!shown?.undo) return false;
  toast.set(null);
  shown.undo();
  return true;
}
