import { callName, count } from "./text.ts";
import { shortDate } from "./time.ts";

/** So many are named by the first of them; in a larger crowd they are counted. */
const few = 5;
const crowd = 100;

/** Whom a blast will not reach, in the design's words: one, few, many. There may be more than are named. */
export function skipWords(named: readonly { name: string }[], all: number, chosen: number): string {
  const [first] = named;
  if (all <= 0) return "";
  if (first && all === 1)
    return `Chat is unavailable for ${first.name}. ${callName(first.name)} won’t get this message.`;
  if (first && all <= few && chosen <= crowd)
    return `Chat is unavailable for ${first.name} and ${count(all - 1, "other")}. They won’t get this message.`;
  return `Chat is unavailable for ${all.toLocaleString("en-US")} of ${count(chosen, "client")}. They won’t get this message.`;
}

/** Why somebody was not written to. */
export type Why = "archived" | "direct_off" | "no_account" | "forbidden" | "cancelled" | "failed";

/** The same in words, as a heading of those it holds for. */
export const whyWords: Record<Why, string> = {
  direct_off: "Direct Messaging off",
  no_account: "Account not activated",
  archived: "Archived",
  forbidden: "Not yours to write to",
  cancelled: "Stopped before their turn",
  failed: "Could not be written",
};

interface Reason {
  why: Why | null;
  source: "client" | "group" | "default" | null;
  until: string | null;
}

/** "Direct Messaging off until Dec 1" */
export function whyLine({ why, until }: Reason, now: Date = new Date()): string {
  if (!why) return "";
  const last = until ? new Date(Date.parse(until) - 1).toISOString() : "";
  return `${whyWords[why]}${why === "direct_off" && last ? ` until ${shortDate(last, now)}` : ""}`;
}

/** Where that comes from; of things other than the switch there is no source. */
export const sourceWords = {
  client: "Set for this client",
  group: "From the group",
  default: "Default when added",
} as const;

/** Both in one line. */
export function whySentence(r: Reason, now: Date = new Date()): string {
  return r.source ? `${whyLine(r, now)} · ${sourceWords[r.source]}` : whyLine(r, now);
}
