import { createStore } from "../../lib/store.ts";
import type { MessageActs } from "./messageActs.ts";

/** What the thread that is open does for those beside it; null while none is. */
export const shownThread = createStore<Pick<MessageActs, "toDate" | "jump"> | null>(null);

/** Whether the third pane is open; on narrow screens it lies over the thread and starts closed. */
export const wideDetails = createStore(true);
export const overDetails = createStore(false);

/** Goes to a message of the open thread, and out of the way of what lies over it. */
export function showMessage(seq: number): void {
  overDetails.set(false);
  shownThread.get()?.jump(seq);
}
