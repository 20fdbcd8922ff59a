import { createStore } from "../lib/store.ts";

/** How the live connection stands; "lost" only once it has been gone for a noticeable while. */
export type LiveStatus = "connecting" | "open" | "lost";

export const liveStatus = createStore<LiveStatus>("connecting");

/** Why the session ended, when the server ended it; null while it lasts. */
export const sessionEnded = createStore<string | null>(null);

/** Words for people with screen readers, said once. */
export const announcement = createStore<string>("");

/** Long enough to be heard; words of people do not stay in the page when they are taken away elsewhere. */
const said = 10_000;

let ending: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  clearTimeout(ending);
  announcement.set("");
  setTimeout(() => announcement.set(text), 50);
  ending = setTimeout(() => announcement.set(""), said);
}
