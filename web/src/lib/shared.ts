import { createStore } from "./store.ts";
import { takeShared } from "./worker.ts";

/** Files that another app shared with this one: in this window's memory only. */
export interface Shared {
  files: readonly File[];
  /** The conversation they go into; "" until the person has chosen. */
  conversation: string;
}

export const shared = createStore<Shared>({ files: [], conversation: "" });

/** Whether files are on their way from the worker. */
export const sharing = createStore(false);

export function forgetShared(): void {
  shared.set({ files: [], conversation: "" });
}

/** Hands over what was chosen for a conversation, once. */
export function sharedFor(conversation: string): readonly File[] {
  const now = shared.get();
  if (now.conversation !== conversation || now.files.length === 0) return [];
  forgetShared();
  return now.files;
}

/** Takes what the worker holds for the page that was opened for it; before anybody has to sign in. */
export async function followSharing(): Promise<void> {
  const { pathname, search } = window.location;
  const id = new URLSearchParams(search).get("id");
  if (pathname !== "/share" || !id) return;
  sharing.set(true);
  shared.set({ files: await takeShared(id), conversation: "" });
  sharing.set(false);
  window.history.replaceState(null, "", "/share");
}
