/** What can be different for each recipient, with its name for people. */
export const fields = [
  { id: "first_name", label: "First name", icon: "user-round" },
  { id: "provider", label: "Provider", icon: "stethoscope" },
  { id: "practice", label: "Practice", icon: "building-2" },
] as const;

export type Values = Record<(typeof fields)[number]["id"], string>;

/** Characters a message may have, counted as the server counts them. */
export const longest = 20_000;

/** Letters only: anything else in double braces is just text, as it is for the server. */
const field = /\{\{\s*(\w+)\s*\}\}/g;

/** What somebody will read: the text with its fields filled. */
export function filled(body: string, values: Values): string {
  return body.replace(field, (all, id: string) => (id in values ? values[id as keyof Values] : all));
}

/** Fields that nobody fills, once each, as they are written. */
export function unknownFields(body: string): string[] {
  const known = new Set<string>(fields.map((f) => f.id));
  const found = [...body.matchAll(field)].filter((m) => !known.has(m[1] ?? "")).map((m) => m[0]);
  return [...new Set(found)];
}

/** A template's text, with a gap to fill by hand for each field that only a single conversation can fill. */
export function templateBody(body: string): { text: string; gaps: string[] } {
  const gaps: string[] = [];
  const known = new Set<string>(fields.map((f) => f.id));
  const text = body.replace(field, (all, id: string) => {
    if (known.has(id)) return all;
    const gap = `[${id.replaceAll("_", " ")}]`;
    gaps.push(gap);
    return gap;
  });
  return { text, gaps };
}

export function lengthOf(body: string): number {
  return Array.from(body).length;
}
