import type { Notice } from "../../api/types.ts";

const names = ["title", "body", "phone", "hours", "emergency"] as const;

/** A notice of a group that says nothing of its own yet: every empty text is the practice's. */
export const blankNotice: Notice = { title: "", body: "", phone: "", hours: "", emergency: "" };

/** The notice as a client reads it: an empty text uses the default. */
export function filled(notice: Notice, defaults: Notice): Notice {
  return Object.fromEntries(names.map((n) => [n, notice[n].trim() || defaults[n]])) as unknown as Notice;
}

/**
 * What the client will read once this is saved. The default text names phone,
 * hours and emergency number, so it follows what is typed into those fields.
 */
export function previewed(notice: Notice, saved: Notice, defaults: Notice, practice: string): Notice {
  const now = filled(notice, defaults);
  const facts = ["phone", "hours", "emergency"] as const;
  const touched = facts.some((n) => notice[n].trim() !== saved[n]);
  return notice.body.trim() === "" && touched ? { ...now, body: defaultBody(now, practice) } : now;
}

/** The server's default text, for what is not saved yet. */
function defaultBody({ phone, hours, emergency }: Notice, practice: string): string {
  const way = phone ? `call ${practice} at ${phone}` : `contact ${practice}`;
  const when = hours ? `, ${hours}` : "";
  return `You can still read everything here. To reach your care team, ${way}${when}. In an emergency, call ${emergency}.`;
}
