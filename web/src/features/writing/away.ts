import type { Away } from "../../api/types.ts";

export type Weekly = Away["weekly"];
export type Once = NonNullable<Away["once"]>;

/** A range to begin with: from now until tomorrow morning. */
export function newOnce(now: Date): Once {
  const until = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
  return { from: now.toISOString(), until: until.toISOString(), text: "" };
}

export function onceProblem(once: Once): string {
  if (!(Date.parse(once.until) > Date.parse(once.from))) return "Must be later than the first day away.";
  return "";
}
