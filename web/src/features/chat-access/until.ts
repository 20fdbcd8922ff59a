import { clock, dayKey, longDate, shortDate } from "../../lib/time.ts";

// "Until" is chosen as a day and holds to the end of it where the chooser is.

/** The last moment of a day (yyyy-mm-dd) in this device's zone; null for "" and for what is no day. */
export function endOfDay(day: string): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  const at = new Date(year, month - 1, date, 23, 59, 59, 999);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The day (yyyy-mm-dd) in this device's zone up to whose end, or into which, something holds; "" without one. */
export function dayOf(until: string | null | undefined): string {
  return until ? dayKey(new Date(Date.parse(until) - 1)) : "";
}

function endsADay(until: string): boolean {
  const at = new Date(Date.parse(until));
  return endOfDay(dayKey(at)) === at.toISOString() || Date.parse(until) === startOf(at);
}

function startOf(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** "Dec 1", or "Dec 1, 2:00 PM" where it does not end with the day. */
export function untilWords(until: string, now: Date = new Date()): string {
  const last = new Date(Date.parse(until) - 1).toISOString();
  return endsADay(until) ? shortDate(last, now) : `${shortDate(until, now)}, ${clock(until)}`;
}

/** "the end of December 1, 2026" for what stands below the field. */
export function untilHint(day: string): string {
  const end = endOfDay(day);
  return end ? `Ends with ${longDate(end)}, then it goes back by itself.` : "";
}

/** Whether a chosen day is over. */
export function isPast(day: string, now: Date = new Date()): boolean {
  const end = endOfDay(day);
  return end !== null && Date.parse(end) <= now.getTime();
}
