import type { Blast } from "../../api/types.ts";
import { listTime, clock, daysAgo, shortDate } from "../../lib/time.ts";
import { count } from "../../lib/text.ts";

export type State = Blast["state"];
type Numbers = Pick<Blast, "state" | "total" | "sent" | "skipped" | "pending" | "read" | "replied">;

const n = (x: number) => x.toLocaleString("en-US");

/** What a state is called; one that was ended by hand says so. */
export const stateWords: Record<State, string> = {
  scheduled: "Scheduled",
  sending: "Sending",
  paused: "Paused",
  sent: "Sent",
  cancelled: "Stopped",
};

export const stateTones = {
  scheduled: "info",
  sending: "pine",
  paused: "amber",
  sent: "plain",
  cancelled: "plain",
} as const satisfies Record<State, string>;

/** Whether it only waits out the time in which it can be taken back. */
export function isStarting(b: Pick<Blast, "state" | "send_at">): boolean {
  return b.state === "scheduled" && b.send_at === null;
}

/** The parts of the list. */
export function sectionOf(b: Pick<Blast, "state" | "send_at">): "Now" | "Scheduled" | "Sent" {
  if (b.state === "sending" || b.state === "paused" || isStarting(b)) return "Now";
  return b.state === "scheduled" ? "Scheduled" : "Sent";
}

/** How many will have got it in the end, as far as it is known. */
export function toSend(b: Numbers): number {
  return b.total - b.skipped;
}

/** "71%" of those who got it. */
export function percent(part: number, of: number): string {
  return of === 0 ? "0%" : `${Math.floor((part * 100) / of)}%`;
}

/** Below the title in the list. */
export function lineWords(b: Numbers & Pick<Blast, "recipients_text">): string {
  switch (b.state) {
    case "sending":
      return `${n(b.sent)} of ${n(toSend(b))} sent`;
    case "paused":
      return `Paused at ${n(b.sent)} of ${n(toSend(b))}`;
    case "scheduled":
      return `${b.recipients_text} · ${n(b.total)}`;
    case "cancelled":
      return b.sent === 0 ? "Stopped before anyone got it" : `Stopped after ${n(b.sent)}`;
    case "sent":
      return b.sent === 0 ? "Nobody could get it" : `${n(b.sent)} sent · ${percent(b.read, b.sent)} read`;
  }
}

/** "Mon, 9 AM", "Dec 1, 8 AM", "Today, 6:30 PM": for the tag of a scheduled one, in the practice's zone. */
export function soonWords(iso: string, zone: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const time = clock(iso, zone).replace(":00", "");
  const ahead = -daysAgo(at, now, zone);
  if (ahead === 0) return `Today, ${time}`;
  if (ahead === 1) return `Tomorrow, ${time}`;
  const day =
    ahead > 1 && ahead < 7
      ? new Intl.DateTimeFormat("en-US", { weekday: "short", timeZone: zone }).format(at)
      : shortDate(iso, now, zone);
  return `${day}, ${time}`;
}

/** "today at 9:58 AM", "on Nov 6 at 9:00 AM"; without a zone in the reader's. */
export function momentWords(iso: string, zone?: string, now: Date = new Date()): string {
  const ago = daysAgo(new Date(iso), now, zone);
  const day =
    ago === 0
      ? "today"
      : ago === 1
        ? "yesterday"
        : ago === -1
          ? "tomorrow"
          : `on ${shortDate(iso, now, zone)}`;
  return `${day} at ${clock(iso, zone)}`;
}

/** "About 2 minutes left" */
export function leftWords(seconds: number | null): string {
  if (seconds === null || seconds < 0) return "";
  if (seconds < 5) return "A few seconds left";
  if (seconds < 55) return `About ${Math.ceil(seconds / 10) * 10} seconds left`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 90) return `About ${count(minutes, "minute")} left`;
  return `About ${count(Math.round(minutes / 60), "hour")} left`;
}

/** Under the bar: chosen, skipped, to send. */
export function sumWords(b: Numbers): string {
  const parts = `${n(b.total)} chosen, ${n(b.skipped)} skipped, ${n(toSend(b))} to send.`;
  if (b.state === "sending") return `${parts} You can close this page; sending continues.`;
  if (b.state === "scheduled") return `${n(b.total)} chosen. Nobody has been written to yet.`;
  if (b.state === "paused") return `${parts} Nothing is sent until someone resumes it.`;
  return `${n(b.total)} chosen, ${n(b.sent)} sent, ${n(b.skipped)} skipped.`;
}

/** Who it is from, to whom, and when: what is planned in the practice's zone, what was in the reader's (`here`). */
export function aboutWords(b: Blast, zone: string, now: Date = new Date(), here?: string): string {
  const from = b.on_behalf_of
    ? `From ${b.on_behalf_of.name} to ${b.recipients_text}, by ${b.sender.name}.`
    : `From ${b.sender.name} to ${b.recipients_text}.`;
  return `${from} ${whenWords(b, zone, now, here)}`.trim();
}

function whenWords(b: Blast, zone: string, now: Date, here?: string): string {
  const started = b.started_at ? `Started ${momentWords(b.started_at, here, now)}.` : "";
  if (b.state === "scheduled" && b.send_at) return `Goes out ${momentWords(b.send_at, zone, now)}.`;
  if (b.state === "cancelled" && b.finished_at) {
    const by = b.stopped_by ? ` by ${b.stopped_by.name}` : "";
    return `${started} Stopped ${momentWords(b.finished_at, here, now)}${by}.`.trim();
  }
  if (b.state === "sent" && b.finished_at) return `Sent ${momentWords(b.finished_at, here, now)}.`;
  return started;
}

/** For the end of a row in the list: when it went out. */
export function rowTime(b: Pick<Blast, "finished_at" | "started_at" | "created_at">): string {
  return listTime(b.finished_at ?? b.started_at ?? b.created_at);
}

/** What the button does, with the number. */
export function sendWord(reach: number, later: boolean): string {
  return `${later ? "Schedule for" : "Send to"} ${count(reach, "person", "people")}`;
}

/** After Undo: nobody got it, or how many had already. */
export function takenBackWords(b: Numbers): string {
  if (b.sent === 0) return "Taken back. Nobody got it, and your text is here again.";
  return `It had begun: ${count(b.sent, "person has", "people have")} got it. The rest was stopped.`;
}
