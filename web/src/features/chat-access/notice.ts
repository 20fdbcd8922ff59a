import type { Notice } from "../../api/types.ts";

/** The notice as a client reads it: an empty text uses the default. */
export function filled(notice: Notice, defaults: Notice): Notice {
  const names = ["title", "body", "phone", "hours", "emergency"] as const;
  return Object.fromEntries(names.map((n) => [n, notice[n].trim() || defaults[n]])) as unknown as Notice;
}
