import type { Away, AwayHours } from "../../api/types.ts";

export type Weekly = Away["weekly"];
export type Once = NonNullable<Away["once"]>;
export type Day = AwayHours["day"];

export const days: readonly { id: Day; label: string }[] = [
  { id: "monday", label: "Monday" },
  { id: "tuesday", label: "Tuesday" },
  { id: "wednesday", label: "Wednesday" },
  { id: "thursday", label: "Thursday" },
  { id: "friday", label: "Friday" },
  { id: "saturday", label: "Saturday" },
  { id: "sunday", label: "Sunday" },
];

export function hoursOf(weekly: Weekly, day: Day): AwayHours[] {
  return weekly.hours.filter((h) => h.day === day);
}

/** The hours with those of one day replaced, in the order of the week as the server keeps them. */
export function withHours(weekly: Weekly, day: Day, own: readonly AwayHours[]): Weekly {
  const hours = days.flatMap(({ id }) => (id === day ? own : hoursOf(weekly, id)));
  return { ...weekly, hours };
}

/** The next interval somebody would want: the afternoon, or the working day. */
export function nextHours(day: Day, own: readonly AwayHours[]): AwayHours {
  const last = own[own.length - 1];
  if (!last) return { day, from: "09:00", to: "17:00" };
  return { day, from: last.to < "23:00" ? last.to : "23:00", to: "24:00" };
}

/** What is wrong with an interval, in words; "" where nothing is. */
export function hoursProblem({ from, to }: AwayHours): string {
  if (from === "" || to === "") return "Enter both times.";
  return from < to ? "" : "The end must be later than the beginning.";
}

/** A range to begin with: from now until tomorrow morning. */
export function newOnce(now: Date): Once {
  const until = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
  return { from: now.toISOString(), until: until.toISOString(), text: "" };
}

export function onceProblem(once: Once): string {
  if (!(Date.parse(once.until) > Date.parse(once.from))) return "Must be later than the first day away.";
  return "";
}

/** Dates in order, each once. */
export function withHoliday(weekly: Weekly, date: string): Weekly {
  return { ...weekly, holidays: [...new Set([...weekly.holidays, date])].sort() };
}
