import { createStore } from "./store.ts";

/** Shortcuts of a single key, which can get in the way of people who speak to their computer or mistype. */
export const singleKeys = createStore<boolean>(stored());

// With the theme the one thing the browser keeps.
const key = "hearth.single-keys";

export function singleKeysOn(): boolean {
  return singleKeys.get();
}

export function setSingleKeys(on: boolean): void {
  singleKeys.set(on);
  try {
    if (on) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, "off");
  } catch {
    // Storage may be refused: the choice then lasts for this page.
  }
}

function stored(): boolean {
  try {
    return window.localStorage.getItem("hearth.single-keys") !== "off";
  } catch {
    return true;
  }
}
