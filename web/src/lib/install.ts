import { createStore } from "./store.ts";

/** What some browsers hand the page, to be shown when a person asks for it. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
  userChoice: Promise<{ outcome: "accepted" | "dismissed" }>;
}

/** The browser's own way to install, where it has offered one. */
const offer = createStore<InstallEvent | null>(null);

/** How it stands: "app" runs as the installed one, "done" was installed in this window just now. */
export type Installed = "app" | "done" | "no";

export const installed = createStore<Installed>("no");

export const installOffered = {
  get: () => offer.get() !== null,
  subscribe: offer.subscribe,
};

/** Listens for the browser's offer; it comes early and only once. */
export function followInstalling(): void {
  if (runsAsApp()) installed.set("app");
  window.addEventListener("beforeinstallprompt", (event) => {
    // The bar of the browser would come at a moment of its own; Settings has a button.
    event.preventDefault();
    offer.set(event as InstallEvent);
  });
  window.addEventListener("appinstalled", () => {
    offer.set(null);
    installed.set("done");
  });
}

/** Whether this window is the installed app and has no browser around it. */
export function runsAsApp(): boolean {
  const apple = "standalone" in navigator && navigator.standalone === true;
  return apple || ["standalone", "fullscreen", "minimal-ui"].some(shownAs);
}

function shownAs(mode: string): boolean {
  return window.matchMedia(`(display-mode: ${mode})`).matches;
}

/** Asks the browser to install; true where the person agreed. An offer is good for one question. */
export async function install(): Promise<boolean> {
  const event = offer.get();
  if (!event) return false;
  offer.set(null);
  await event.prompt();
  return (await event.userChoice).outcome === "accepted";
}
