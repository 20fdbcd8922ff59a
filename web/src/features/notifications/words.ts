import type { Delivery } from "../../api/history.ts";
import type { BellNotice } from "../../api/notices.ts";
import { count } from "../../lib/text.ts";
import type { IconName } from "../../ui/Icon.tsx";

/** What happened, without what was written: others may see the screen. */
export function noticeWords({ kind, count: n }: BellNotice): string {
  if (kind === "mention") return n > 1 ? `You were mentioned ${n} times` : "You were mentioned";
  if (kind === "reminder") return "Waiting for an answer";
  return n > 1 ? count(n, "new message") : "New message";
}

export const noticeIcons: Record<BellNotice["kind"], IconName> = {
  direct: "message-circle",
  community: "users-round",
  team: "lock",
  mention: "at-sign",
  reminder: "clock",
};

export const kindWords: Record<Delivery["kind"], string> = {
  direct: "Direct message",
  community: "Community chat",
  team: "Team conversation",
  mention: "Mention",
  reminder: "Reminder",
};

export const channelWords: Record<Delivery["channel"], string> = {
  email: "Email",
  push: "Push",
  in_app: "In the app",
};

export const stateWords: Record<Delivery["state"], string> = {
  waiting: "Waiting",
  sent: "Sent",
  failed: "Not delivered",
  bounced: "Came back",
  dropped: "Not sent",
};

const reasons: Record<string, string> = {
  author: "Written by the same person",
  no_access: "Not in the conversation any more",
  chat_off: "Chat was turned off",
  read: "It was read before",
  looking: "The conversation was open",
  muted: "The conversation was muted",
  mentions_only: "Only mentions are wanted",
  turned_off: "Turned off in the meantime",
  no_address: "No email address",
  no_device: "No device for push",
  digest: "With the next digest",
  quiet_hours: "After quiet hours",
  gone: "The device is gone",
  refused_by_server: "Refused by the other server",
  no_mailbox: "There is no such address",
  returned: "Another mail server returned it",
  delayed: "Delayed on its way, still being tried",
  unreachable: "Mails to this address came back before",
  given_up: "The other server didn’t answer for hours",
};

/** Why it stands as it does; what this version does not know is left unsaid. */
export function whyWords(why: string | null): string {
  return why ? (reasons[why] ?? "") : "";
}
