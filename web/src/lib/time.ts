// Times are shown in 12-hour en-US and in the zone of whoever reads them.

type Zone = string | undefined;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: Date, options: Intl.DateTimeFormatOptions, zone: Zone): string {
  const key = JSON.stringify([options, zone]);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
    formats.set(key, made);
  }
  // Intl puts a narrow no-break space before AM and PM, which fonts often lack.
  return made.format(at).replace(/\u202f/g, " ");
}

/** The calendar day in the zone as yyyy-mm-dd. */
export function dayKey(at: Date, zone?: Zone): string {
  const parts = format(at, { year: "numeric", month: "2-digit", day: "2-digit" }, zone).split("/");
  return `${parts[2]}-${parts[0]}-${parts[1]}`;
}

/** Whole calendar days from `at` to `now`; 0 is today, 1 yesterday, negative is ahead. */
export function daysAgo(at: Date, now: Date, zone?: Zone): number {
  return Math.round((Date.parse(dayKey(now, zone)) - Date.parse(dayKey(at, zone))) / 86_400_000);
}

/** "10:14 AM" */
export function clock(iso: string, zone?: Zone): string {
  return format(new Date(iso), { hour: "numeric", minute: "2-digit" }, zone);
}

/** For lists: "10:14 AM", "Yesterday", "Tue", "Nov 12", "Nov 12, 2025". */
export function listTime(iso: string, now: Date = new Date(), zone?: Zone): string {
  const at = new Date(iso);
  const ago = daysAgo(at, now, zone);
  if (ago === 0) return clock(iso, zone);
  if (ago === 1) return "Yesterday";
  if (ago > 1 && ago < 6) return format(at, { weekday: "short" }, zone);
  return shortDate(iso, now, zone);
}

/** "Nov 12", with the year when it is another one. */
export function shortDate(iso: string, now: Date = new Date(), zone?: Zone): string {
  const at = new Date(iso);
  const sameYear = dayKey(at, zone).slice(0, 4) === dayKey(now, zone).slice(0, 4);
  return format(at, { month: "short", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }, zone);
}

/** "March 4, 2025" */
export function longDate(iso: string, zone?: Zone): string {
  return format(new Date(iso), { month: "long", day: "numeric", year: "numeric" }, zone);
}

/** For the divider between days: "Today", "Yesterday", "Wednesday, November 18". */
export function dayLabel(iso: string, now: Date = new Date(), zone?: Zone): string {
  const at = new Date(iso);
  const ago = daysAgo(at, now, zone);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const sameYear = dayKey(at, zone).slice(0, 4) === dayKey(now, zone).slice(0, 4);
  const year: Intl.DateTimeFormatOptions = sameYear ? {} : { year: "numeric" };
  return format(at, { weekday: "long", month: "long", day: "numeric", ...year }, zone);
}

/** A moment ahead: "9:00 AM", "Mon 9:00 AM", "Jan 4, 9:00 AM". */
export function opens(iso: string, now: Date, zone?: Zone): string {
  const at = new Date(iso);
  const ahead = -daysAgo(at, now, zone);
  if (ahead === 0) return clock(iso, zone);
  if (ahead < 7) return `${format(at, { weekday: "short" }, zone)} ${clock(iso, zone)}`;
  return `${shortDate(iso, now, zone)}, ${clock(iso, zone)}`;
}

/** A moment that has passed, within a sentence: "10:14 AM", "Tue 6:03 PM", "Nov 12, 1:20 PM". */
export function sinceWhen(iso: string, now: Date, zone?: Zone): string {
  const at = new Date(iso);
  const ago = daysAgo(at, now, zone);
  if (ago <= 0) return clock(iso, zone);
  if (ago < 6) return `${format(at, { weekday: "short" }, zone)} ${clock(iso, zone)}`;
  return `${shortDate(iso, now, zone)}, ${clock(iso, zone)}`;
}

/** "Today, 10:16 AM", "Yesterday, 6:03 PM", "Nov 16, 1:20 PM" */
export function dateTime(iso: string, now: Date = new Date(), zone?: Zone): string {
  const ago = daysAgo(new Date(iso), now, zone);
  const day = ago === 0 ? "Today" : ago === 1 ? "Yesterday" : shortDate(iso, now, zone);
  return `${day}, ${clock(iso, zone)}`;
}
