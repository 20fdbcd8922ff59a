import type { AccessFilter } from "../../api/types.ts";
import type { Total } from "../../lib/total.ts";

/** Whom a change of many is for: some rows, or everyone who fits the filter. */
export type Selection =
  { mode: "some"; ids: ReadonlySet<string> } | { mode: "all"; filter: AccessFilter; total: Total };

export const nobody: Selection = { mode: "some", ids: new Set() };

export function isChosen(s: Selection, id: string): boolean {
  return s.mode === "all" || s.ids.has(id);
}

export function size(s: Selection): Total {
  return s.mode === "all" ? s.total : { count: s.ids.size, more: false };
}

/** Choosing or leaving out one row; of "all" the loaded rows without it are kept. */
export function toggled(s: Selection, id: string, on: boolean, loaded: readonly string[]): Selection {
  const ids = new Set(s.mode === "all" ? loaded : s.ids);
  if (on) ids.add(id);
  else ids.delete(id);
  return { mode: "some", ids };
}

export function filterOf(s: Selection): AccessFilter {
  return s.mode === "all" ? s.filter : { client_ids: [...s.ids] };
}
