import { daysAgo, opens, sinceWhen } from "./time.ts";

const minute = 60_000;

/**
 * Below so many minutes a badge would only say that somebody has just written, which the row
 * says already; most answers that come at once come within them.
 */
const worthSaying = 5;

/** When the practice is open around now, as the server tells it. */
export interface OpenTimes {
  from: string;
  /** Nobody has said when it is open: then the clock counts. */
  by_clock: boolean;
  spans: readonly { from: string; to: string }[] | null;
}

/** How somebody waits. */
export interface Waited {
  state: "waiting" | "overdue" | "closed";
  /** For eyes, in short. */
  text: string;
  /** For ears, behind the name of the conversation. */
  spoken: string;
  /** What is counted, and from when: for whoever points at it. */
  detail: string;
}

/**
 * What a badge says of somebody who waits; null while there is nothing worth saying. Waiting
 * is counted as what is overdue is: while the practice is open. What came while it is closed
 * says when it opens. From two days of opening time on the days of the calendar say more.
 */
export function waited(
  since: string,
  overdue: boolean,
  times: OpenTimes,
  now: number,
  zone?: string,
): Waited | null {
  const asked = Date.parse(since);
  const minutes = Math.max(0, Math.floor((times.by_clock ? now - asked : open(times, asked, now)) / minute));
  const next = times.by_clock ? undefined : opening(times, now, zone);
  const from = sinceWhen(since, new Date(now), zone);
  const closed = next === undefined ? "" : ` Closed now, until ${next}.`;
  if (!overdue && minutes < worthSaying) {
    if (!next) return null;
    const detail = `Since ${from}. The practice opens ${next}.`;
    return {
      state: "closed",
      text: `Answer from ${next}`,
      spoken: `waits for an answer from ${next} on`,
      detail,
    };
  }
  const long = minutes >= 48 * 60 || (!times.by_clock && asked < Date.parse(times.from));
  const of = times.by_clock ? "" : " of opening time";
  const { short, full } = long ? days(since, now, zone) : lasting(minutes);
  const counted = long
    ? "Counted in days of the calendar."
    : times.by_clock
      ? "Counted by the clock."
      : "Counted while the practice is open.";
  return {
    state: overdue ? "overdue" : "waiting",
    text: `${overdue ? "Overdue" : "Waiting"} ${short}`,
    spoken: `has waited ${full}${long ? "" : of} for an answer${overdue ? ", longer than the practice wants" : ""}`,
    detail: `Since ${from}. ${counted}${closed}`,
  };
}

/** The time in which it was open between two moments. */
function open({ spans }: OpenTimes, from: number, to: number): number {
  let sum = 0;
  for (const span of spans ?? []) {
    sum += Math.max(0, Math.min(to, Date.parse(span.to)) - Math.max(from, Date.parse(span.from)));
  }
  return sum;
}

/** When it opens, in words; undefined while it is open, or nobody knows. */
function opening({ spans }: OpenTimes, now: number, zone?: string): string | undefined {
  const next = (spans ?? []).find((span) => Date.parse(span.to) > now);
  return next && Date.parse(next.from) > now ? opens(next.from, new Date(now), zone) : undefined;
}

function lasting(minutes: number) {
  return minutes < 60 ? words(minutes, "min", "minute") : words(Math.floor(minutes / 60), "h", "hour");
}

function days(since: string, now: number, zone?: string) {
  return words(Math.max(1, daysAgo(new Date(since), new Date(now), zone)), "d", "day");
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
