/** An interval of a day, as "09:00" to "17:30"; "24:00" is the end of the day. */
export interface Hours {
  day: "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
  from: string;
  to: string;
}

/** The hours of every week in a time zone, and the dates on which they do not count. */
export interface Week {
  time_zone: string;
  hours: Hours[];
  holidays: string[];
}

export type Day = Hours["day"];

export const days: readonly { id: Day; label: string }[] = [
  { id: "monday", label: "Monday" },
  { id: "tuesday", label: "Tuesday" },
  { id: "wednesday", label: "Wednesday" },
  { id: "thursday", label: "Thursday" },
  { id: "friday", label: "Friday" },
  { id: "saturday", label: "Saturday" },
  { id: "sunday", label: "Sunday" },
];

export function hoursOf(week: Pick<Week, "hours">, day: Day): Hours[] {
  return week.hours.filter((h) => h.day === day);
}

/** The hours with those of one day replaced, in the order of the week as the server keeps them. */
export function withHours<W extends Week>(week: W, day: Day, own: readonly Hours[]): W {
  const hours = days.flatMap(({ id }) => (id === day ? own : hoursOf(week, id)));
  return { ...week, hours };
}

/** The next interval somebody would want: the afternoon, or the working day. */
export function nextHours(day: Day, own: readonly Hours[]): Hours {
  const last = own[own.length - 1];
  if (!last) return { day, from: "09:00", to: "17:00" };
  return { day, from: last.to < "23:00" ? last.to : "23:00", to: "24:00" };
}

/** What is wrong with an interval, in words; "" where nothing is. */
export function hoursProblem({ from, to }: Hours): string {
  if (from === "" || to === "") return "Enter both times.";
  return from < to ? "" : "The end must be later than the beginning.";
}

/** Dates in order, each once. */
export function withHoliday<W extends Week>(week: W, date: string): W {
  return { ...week, holidays: [...new Set([...week.holidays, date])].sort() };
}
