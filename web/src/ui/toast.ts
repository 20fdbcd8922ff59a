import { createStore } from "../lib/store.ts";

export const toast = createStore<string>("");

let timer: ReturnType<typeof setTimeout> | undefined;

/** Confirms something in one short sentence, for five seconds. */
export function say(text: string): void {
  toast.set(text);
  clearTimeout(timer);
  timer = setTimeout(() => toast.set(""), 5_000);
}
