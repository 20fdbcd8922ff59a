import type { ReactElement } from "react";

/** The loaded part of a list, newest first. */
export interface Listed {
  rows: readonly { at: string; line: ReactElement }[];
  /** Earlier ones are not loaded yet. */
  more: boolean;
  next(): void;
}

/** Up to when every list is known: what is earlier may have something before it that is not loaded. */
function known(lists: readonly Listed[]): string {
  const ends = lists.filter((l) => l.more).map((l) => l.rows[l.rows.length - 1]?.at ?? "");
  return ends.sort().at(-1) ?? "";
}

/** Several lists as one, newest first, as far as that is known. */
export function inTime(lists: readonly Listed[]): Listed["rows"] {
  const from = known(lists);
  return lists
    .flatMap((l) => l.rows)
    .filter((row) => row.at >= from)
    .sort((a, b) => b.at.localeCompare(a.at));
}

/** Loads what is missing for the next of them. */
export function more(lists: readonly Listed[]): void {
  const from = known(lists);
  for (const l of lists) if (l.more && (l.rows[l.rows.length - 1]?.at ?? "") >= from) l.next();
}
