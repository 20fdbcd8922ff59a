import { createStore } from "./store.ts";

export type Theme = "system" | "light" | "dark";

// The one thing the browser keeps; public/theme.js reads the same key.
const key = "hearth.theme";

export const theme = createStore<Theme>(stored());

export function setTheme(next: Theme): void {
  theme.set(next);
  const root = document.documentElement;
  if (next === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = next;
  paintFrame(next);
  try {
    if (next === "system") storage().removeItem(key);
    else storage().setItem(key, next);
  } catch {
    // Storage may be refused: the choice then lasts for this page.
  }
}

/** The colour that phones and installed apps give what is around the page. */
function paintFrame(next: Theme): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const of = meta.dataset["of"];
    meta.media = next === "system" ? `(prefers-color-scheme: ${of})` : of === next ? "all" : "not all";
  }
}

function stored(): Theme {
  try {
    const value = storage().getItem(key);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function storage(): Storage {
  return window.localStorage;
}
