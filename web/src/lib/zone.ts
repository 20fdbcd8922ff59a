// Times in a zone that need not be this device's, such as the practice's.

const parts = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, as "2026-11-23T09:00". */
export function zoneClock(at: Date, zone: string): string {
  let format = parts.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    parts.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
  return `${found["year"]}-${found["month"]}-${found["day"]}T${found["hour"]}:${found["minute"]}`;
}

/**
 * The moment at which the clocks of a zone show a time such as "2026-11-23T09:00"; the first of two where they are
 * put back, and as much later as they are put forward where that time is left out. Null for what is no time.
 */
export function zoneMoment(local: string, zone: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local)) return null;
  const wanted = Date.parse(`${local.slice(0, 16)}Z`);
  if (Number.isNaN(wanted)) return null;
  const ahead = (at: number) => Date.parse(`${zoneClock(new Date(at), zone)}Z`) - at;
  const day = 86_400_000;
  // The zone's distance from UTC before and after, for days on which it changes.
  const [before, after] = [ahead(wanted - day), ahead(wanted + day)];
  const fits = [before, after].map((by) => wanted - by).find((at) => ahead(at) === wanted - at);
  return new Date(fits ?? wanted - before);
}

/** "America/Los Angeles" */
export function zoneName(zone: string): string {
  return zone.replaceAll("_", " ");
}
