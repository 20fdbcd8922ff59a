const minute = 60_000;

/** How long somebody has been waiting: for eyes in short, for ears in full. */
export function waited(since: string, now: number): { short: string; full: string } {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / minute));
  if (minutes < 60) return words(minutes, "min", "minute");
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words(hours, "h", "hour") : words(Math.floor(hours / 24), "d", "day");
}

function words(n: number, short: string, full: string) {
  return { short: `${n} ${short}`, full: `${n} ${full}${n === 1 ? "" : "s"}` };
}

/** Minutes of opening time: "45 min", "2 h", "2 h 5 min". */
export function duration(minutes: number): string {
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
