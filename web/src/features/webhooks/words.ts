import type { Webhook, WebhookDelivery } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import { dateTime } from "../../lib/time.ts";

type Event = Webhook["events"][number];
type Tone = "plain" | "pine" | "amber" | "danger" | "info";

/** What can be told, in the order in which it is shown. */
export const events: readonly { id: Event; label: string; hint: string }[] = [
  { id: "message.created", label: "Message sent", hint: "In any conversation, by anyone" },
  {
    id: "conversation.created",
    label: "Conversation started",
    hint: "Also each private one of a message blast",
  },
  { id: "conversation.closed", label: "Conversation closed", hint: "For everyone in it" },
  {
    id: "chat_access.changed",
    label: "Chat access changed",
    hint: "Of a client or a group; of many clients once",
  },
  { id: "blast.finished", label: "Message blast finished", hint: "All is sent, or the rest was stopped" },
];

/** "Message sent"; a kind of event that a later server brings stays as it is. */
export function eventLabel(type: WebhookDelivery["type"]): string {
  if (type === "webhook.test") return "Test";
  return events.find((e) => e.id === type)?.label ?? type;
}

/** How a webhook is called: its description, or else where it is. */
export function nameOf(w: Pick<Webhook, "description" | "url">): string {
  return w.description || hostOf(w.url);
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The state of a webhook in a word, and its colour. */
export function stateOf(w: Webhook): { label: string; tone: Tone } {
  if (w.disabled_why) return { label: "Switched off", tone: "danger" };
  if (!w.active) return { label: "Off", tone: "plain" };
  if (w.failing_since) return { label: "Failing", tone: "danger" };
  return { label: "On", tone: "pine" };
}

/** What is wrong with a webhook and what to do; null where nothing is. */
export function trouble(w: Webhook, now: Date = new Date()): { title: string; text: string } | null {
  const mend = "Look at the deliveries below, put it right on the other side, then send a test";
  if (w.disabled_why === "gone")
    return {
      title: "Hearth switched this webhook off.",
      text: `The other program answered 410: it wants no more calls. If that was not meant so, put it right there, send a test, and switch the webhook on again.`,
    };
  if (w.disabled_why === "failing")
    return {
      title: "Hearth switched this webhook off.",
      text: `Nothing but failures for five days. ${mend}, and switch the webhook on again.`,
    };
  if (w.failing_since)
    return {
      title: `No call has succeeded since ${dateTime(w.failing_since, now)}.`,
      text: `${mend}. After five days Hearth switches it off.`,
    };
  return null;
}

const states: Record<WebhookDelivery["state"], { label: string; tone: Tone }> = {
  waiting: { label: "Waiting", tone: "info" },
  sending: { label: "Sending", tone: "info" },
  delivered: { label: "Delivered", tone: "pine" },
  failed: { label: "Failed", tone: "danger" },
};

export function deliveryState(d: WebhookDelivery): { label: string; tone: Tone } {
  return states[d.state];
}

const whys: Record<string, string> = {
  private: "The address is in a private network that is not allowed",
  plain: "The address is not encrypted, and not in an allowed network",
  name: "The name of the host was not found",
  connect: "No connection",
  tls: "The certificate is not trusted",
  timeout: "No answer within 15 seconds",
  answer: "The answer broke off",
  off: "Waited for a day while the webhook was off",
};

/** How the last call of a delivery was answered; "" before the first. */
export function answerText(d: Pick<WebhookDelivery, "status" | "why">): string {
  if (d.why === "redirect") return `Answered ${d.status}: redirects are not followed`;
  if (d.status !== null) return `Answered ${d.status}`;
  return d.why ? (whys[d.why] ?? d.why) : "";
}

/** "2 attempts, next Today, 4:10 PM" */
export function attemptsText(d: WebhookDelivery, now: Date = new Date()): string {
  const tried = d.attempts === 0 ? "" : count(d.attempts, "attempt");
  const next = d.state === "waiting" && d.due_at && d.attempts > 0 ? `next ${dateTime(d.due_at, now)}` : "";
  return [tried, next].filter(Boolean).join(", ");
}
