import { zoneClock } from "./zone.ts";

interface QuietHours {
  on: boolean;
  /** "22:00" */
  from: string;
  to: string;
  /** The days on whose evening, or morning, they begin. */
  days: readonly string[];
}

const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** Whether a moment lies in quiet hours. Hours over midnight belong to the day on which they begin. */
export function inQuiet(quiet: QuietHours, zone: string, at: Date): boolean {
  if (!quiet.on) return false;
  const local = zoneClock(at, zone);
  const time = local.slice(11);
  const day = new Date(`${local.slice(0, 10)}T12:00:00Z`).getUTCDay();
  const on = (d: number) => quiet.days.includes(names[(d + 7) % 7] ?? "");
  if (quiet.from < quiet.to) return on(day) && time >= quiet.from && time < quiet.to;
  return (on(day) && time >= quiet.from) || (on(day - 1) && time < quiet.to);
}
