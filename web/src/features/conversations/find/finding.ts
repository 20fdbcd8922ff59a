import { createStore } from "../../../lib/store.ts";

/** The conversation that is being searched; "" for none. It ends when another one is opened. */
export const finding = createStore("");

export function startFinding(conversation: string): void {
  finding.set(conversation);
}

/** Ends it, and gives the focus back to where it began. */
export function stopFinding(): void {
  finding.set("");
  const button = document.querySelector<HTMLElement>("[data-find]");
  if (button?.checkVisibility()) button.focus();
  else document.getElementById("thread-title")?.focus();
}

/** Ends it when its conversation is left, not when it begins in the next one. */
export function leaveFinding(conversation: string): void {
  if (finding.get() === conversation) finding.set("");
}
