import { createStore } from "../lib/store.ts";

/** How the live connection stands; "lost" only once it has been gone for a noticeable while. */
export type LiveStatus = "connecting" | "open" | "lost";

export const liveStatus = createStore<LiveStatus>("connecting");

/** Why the session ended, when the server ended it; null while it lasts. */
export const sessionEnded = createStore<string | null>(null);

/** Words for people with screen readers, said once. */
export const announcement = createStore<string>("");

export function announce(text: string): void {
  announcement.set("");
  setTimeout(() => announcement.set(text), 50);
}
