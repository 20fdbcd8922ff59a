import { createStore } from "../../../lib/store.ts";

/** In which conversation the time of a new message is being chosen; "" in none. */
export const choosingTime = createStore("");

/** Cmd/Ctrl+Shift+Enter in the composer. */
export function isScheduleKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && event.shiftKey && (event.metaKey || event.ctrlKey);
}
