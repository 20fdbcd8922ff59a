import { clock, dayKey, daysAgo, shortDate } from "../../../lib/time.ts";

export interface Preset {
  label: string;
  at: Date;
}

const evening = 18;
const morning = 8;

function on(now: Date, daysAhead: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysAhead, hour);
}

/** The times that are chosen most: later today, tomorrow morning, Monday morning. */
export function presets(now: Date): Preset[] {
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  const list = [
    { label: "This evening", at: on(now, 0, evening) },
    { label: "Tomorrow morning", at: on(now, 1, morning) },
    { label: "Monday morning", at: on(now, untilMonday, morning) },
  ];
  return list.filter((p, i) => p.at.getTime() - now.getTime() > 3_600_000 && (i !== 2 || untilMonday > 1));
}

/** "Today, 6:00 PM", "Tomorrow, 8:00 AM", "Mon, Nov 30, 8:00 AM" */
export function whenWords(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const ago = daysAgo(at, now);
  if (ago === 0) return `Today, ${clock(iso)}`;
  if (ago === -1) return `Tomorrow, ${clock(iso)}`;
  const weekday = at.toLocaleDateString("en-US", { weekday: "short" });
  return `${weekday}, ${shortDate(iso, now)}, ${clock(iso)}`;
}

/** The value of a datetime-local field, to the minute. */
export function fieldValue(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${dayKey(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What a datetime-local field says; null while it says nothing or a time that is gone. */
export function fieldTime(value: string, now: Date): Date | null {
  const at = new Date(value);
  return value !== "" && at.getTime() > now.getTime() ? at : null;
}

/** The zone that all these times are in, such as "America/Los Angeles". */
export function zoneWords(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
}
