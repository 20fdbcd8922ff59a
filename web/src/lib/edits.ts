import { useEffect, useRef, useState } from "react";

/** Settings being edited: what is stored, what is not saved, and who came in between. */
export interface Edits<T extends { version: number }> {
  base: T;
  edits: Partial<T>;
  /** Another version came while something was not saved. */
  overtaken: boolean;
  /** What was stored when the edits were begun, where they were overtaken. */
  before: T | null;
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Edits that say what is stored anyway are none. */
function kept<T extends { version: number }>(base: T, edits: Partial<T>): Partial<T> {
  return Object.fromEntries(
    Object.entries(edits).filter(([key, value]) => !equal(value, base[key as keyof T])),
  ) as Partial<T>;
}

/** Nothing is edited yet. */
export function fresh<T extends { version: number }>(base: T): Edits<T> {
  return { base, edits: {}, overtaken: false, before: null };
}

export function withEdit<T extends { version: number }>(e: Edits<T>, patch: Partial<T>): Edits<T> {
  return { ...e, edits: kept(e.base, { ...e.edits, ...patch }) };
}

/** A newer state came: the edits stay, and whoever made them is told. */
export function overtake<T extends { version: number }>(e: Edits<T>, latest: T): Edits<T> {
  if (latest.version < e.base.version) return e;
  const edits = kept(latest, e.edits);
  const dirty = Object.keys(edits).length > 0;
  const overtaken = dirty && (e.overtaken || latest.version !== e.base.version);
  return { base: latest, edits, overtaken, before: overtaken ? (e.before ?? e.base) : null };
}

/** Keeps edits in step with what the server says. */
export function useEdits<T extends { version: number }>(latest: T) {
  const [state, setState] = useState<Edits<T>>(() => fresh(latest));
  const seen = useRef(latest);
  useEffect(() => {
    if (seen.current === latest) return;
    seen.current = latest;
    setState((e) => overtake(e, latest));
  }, [latest]);
  return {
    base: state.base,
    edits: state.edits,
    now: { ...state.base, ...state.edits },
    changes: Object.keys(state.edits).length,
    overtaken: state.overtaken,
    before: state.before,
    set: (patch: Partial<T>) => setState((e) => withEdit(e, patch)),
    arrive: (next: T) => setState((e) => overtake(e, next)),
    reset: (base: T) => setState(fresh(base)),
  };
}
