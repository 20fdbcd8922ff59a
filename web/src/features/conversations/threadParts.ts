import { useEffect } from "react";
import { createStore, useStore } from "../../lib/store.ts";
import type * as OpenThreadParts from "./OpenThread.tsx";

// An open conversation weighs as much as the rest of the inbox together, and who looks at the list
// alone does not need it. A store and not React.lazy: parts that are here already must show in the
// same moment, and React holds back what was suspended even once.

type Parts = typeof OpenThreadParts;

const here = createStore<Parts | "failed" | null>(null);
let asked: Promise<void> | null = null;

/** Begins to load what shows a conversation, unless that was begun; after a failure it tries again. */
export function loadThreadParts(): void {
  asked ??= import("./OpenThread.tsx").then(
    (parts) => here.set(parts),
    () => {
      asked = null;
      here.set("failed");
    },
  );
}

/** Tries once more after a failure that was shown. */
export function retryThreadParts(): void {
  here.set(null);
  loadThreadParts();
}

/** What shows a conversation: null while it loads; loading starts when it is wanted. */
export function useThreadParts(wanted: boolean): Parts | "failed" | null {
  useEffect(() => {
    if (wanted && here.get() === null) loadThreadParts();
  }, [wanted]);
  return useStore(here, (parts) => parts);
}

// Whoever comes for a conversation gets these parts while the conversation itself is asked for.
if (window.location.pathname.startsWith("/inbox/")) loadThreadParts();
