/** What stands in the Event column; codes that a later server brings are made readable below. */
const labels: Record<string, string> = {
  "session.created": "Signed in",
  "session.failed": "Sign-in failed",
  "account.locked": "Account locked",
  "session.ended": "Signed out",
  "password.changed": "Password changed",
  "password.reset_requested": "Password reset asked for",
  "invitation.created": "Invited",
  "invitation.accepted": "Invitation accepted",
  "client.created": "Client added",
  "client.changed": "Client changed",
  "client.archived": "Client archived",
  "client.restored": "Client restored",
  "staff.created": "Staff added",
  "staff.changed": "Staff changed",
  "staff.deactivated": "Staff deactivated",
  "group.created": "Group added",
  "group.changed": "Group changed",
  "group.deleted": "Group deleted",
  "installation.set_up": "Hearth set up",
  "organization.created": "Practice added",
  "organization.changed": "Practice changed",
  "conversation.created": "Conversation started",
  "conversation.renamed": "Conversation renamed",
  "conversation.closed": "Conversation closed",
  "conversation.reopened": "Conversation reopened",
  "conversation.member_added": "Member added",
  "conversation.member_removed": "Member removed",
  "conversation.members_added": "Members added by a group",
  "conversation.members_removed": "Members removed by a group",
  "conversation.rules_changed": "Community chat changed",
  "conversation.groups_changed": "Groups of a chat changed",
  "conversation.assigned": "Conversation assigned",
  "staff.unassigned": "Conversations given back",
  "note.created": "Staff note written",
  "note.updated": "Staff note changed",
  "note.deleted": "Staff note deleted",
  "note.versions_read": "Earlier versions of a note read",
  "message.reported": "Post reported",
  "message.removed": "Post removed",
  "report.resolved": "Report settled",
  "conversation.read_by_outsider": "Read from outside the care team",
  "conversation.export_requested": "Export asked for",
  "conversation.export_downloaded": "Export downloaded",
  "blast.created": "Message blast made",
  "blast.changed": "Message blast changed",
  "blast.paused": "Message blast paused",
  "blast.resumed": "Message blast resumed",
  "blast.cancelled": "Message blast stopped",
  "blast.finished": "Message blast sent",
  "blast.exported": "Outcome of a blast downloaded",
  "organization.blast_settings_changed": "Limits of blasts changed",
  "chat_access.changed": "Chat access changed",
  "chat_access.bulk_changed": "Chat access of many changed",
  "chat_access.bulk_undone": "Chat access change undone",
  "chat_access.exported": "Chat access exported",
  "chat_notice.changed": "Notice changed",
  "notifications.changed": "Notification settings changed",
  "notifications.bulk_changed": "Notifications of many changed",
  "notifications.bulk_undone": "Notifications change undone",
  "notifications.narrowed": "Own notifications changed",
  "mail.stopped": "Mails came back: no more are tried",
  "mail.retried": "Mails are tried again",
  "template.created": "Template added",
  "template.changed": "Template changed",
  "template.deleted": "Template deleted",
  "next_step.changed": "Next step changed",
  "unanswered.changed": "Reminders of unanswered messages changed",
  "conversation.needs_no_answer": "Conversation needs no answer",
  "conversation.needs_answer": "Conversation needs an answer after all",
  "away.changed": "Away replies changed",
  "welcome.changed": "Welcome message changed",
  "webhook.created": "Webhook added",
  "webhook.changed": "Webhook changed",
  "webhook.deleted": "Webhook deleted",
  "webhook.secret_changed": "New secret of a webhook",
  "webhook.tested": "Webhook tested",
  "webhook.replayed": "Webhook called again",
  "webhook.failing": "Webhook failing for a day",
  "webhook.disabled": "Webhook switched off by Hearth",
};

export const actions = Object.keys(labels);

/** "member.added" becomes "Member added". */
export function actionLabel(action: string): string {
  const known = labels[action];
  if (known) return known;
  const words = action.replace(/[._-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const tones: readonly [RegExp, "amber" | "danger" | "info" | "pine"][] = [
  [/failed$|locked$/, "danger"],
  [/deleted$|archived$|deactivated$|closed$|removed$/, "amber"],
  [/read_by_outsider$/, "info"],
  [/created$|accepted$|restored$|added$/, "pine"],
];

/** The colour that goes with the word; never the only sign. */
export function tone(action: string): "plain" | "amber" | "danger" | "info" | "pine" {
  return tones.find(([fits]) => fits.test(action))?.[1] ?? "plain";
}

/** What an entry is about where that has no name of its own; a session needs no word. */
export function aboutWord(kind: string): string {
  if (kind === "session") return "";
  const word = kind === "organization" ? "practice" : kind;
  return word.charAt(0).toUpperCase() + word.slice(1).replace(/_/g, " ");
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who or what an id stands for, when this is known here. */
export type NameOf = (id: string) => string | undefined;

/** Details in one line: "role: admin · active: no"; ids become names. */
export function detailText(
  details: Record<string, unknown> | null | undefined,
  nameOf: NameOf = () => undefined,
): string {
  return Object.entries(details ?? {})
    .filter(([key, value]) => !(key === "bearer" && value === false) && key !== "delivery")
    .map(([key, value]) => [key.replace(/_ids?$/, "").replace(/_/g, " "), valueText(value, nameOf)])
    .filter(([, text]) => text !== "")
    .map(([key, text]) => `${key}: ${text}`)
    .join(" · ");
}

function valueText(value: unknown, nameOf: NameOf): string {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((v) => valueText(v, nameOf)).join(", ") || "none";
  if (typeof value === "object") return objectText(value as Record<string, unknown>, nameOf);
  const text = String(value);
  if (uuid.test(text)) return nameOf(text) ?? "someone";
  return text.replace(/_ids?$/, "").replace(/_/g, " ");
}

function objectText(o: Record<string, unknown>, nameOf: NameOf): string {
  if ("old" in o || "new" in o) return `${valueText(o["old"], nameOf)} → ${valueText(o["new"], nameOf)}`;
  const said = Object.entries(o).filter(([, v]) => v !== null && !(Array.isArray(v) && v.length === 0));
  return said.map(([key, v]) => `${key.replace(/_/g, " ")} ${valueText(v, nameOf)}`).join(", ");
}
