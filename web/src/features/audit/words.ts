/** What stands in the Event column; codes that a later server brings are made readable below. */
const labels: Record<string, string> = {
  "session.created": "Signed in",
  "session.failed": "Sign-in failed",
  "session.ended": "Signed out",
  "password.changed": "Password changed",
  "password.reset": "Password reset",
  "invitation.created": "Invited",
  "invitation.accepted": "Invitation accepted",
  "client.created": "Client added",
  "client.updated": "Client changed",
  "client.archived": "Client archived",
  "client.restored": "Client restored",
  "staff.created": "Staff added",
  "staff.updated": "Staff changed",
  "staff.deactivated": "Staff deactivated",
  "group.created": "Group added",
  "group.renamed": "Group renamed",
  "group.deleted": "Group deleted",
  "organization.created": "Practice set up",
  "organization.updated": "Practice changed",
  "conversation.created": "Conversation started",
  "conversation.read": "Conversation read",
};

export const actions = Object.keys(labels);

/** "member.added" becomes "Member added". */
export function actionLabel(action: string): string {
  const known = labels[action];
  if (known) return known;
  const words = action.replace(/[._-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function tone(action: string): "plain" | "amber" | "danger" | "info" | "pine" {
  if (action.endsWith(".failed") || action.endsWith("locked")) return "danger";
  if (action.endsWith(".deleted") || action.endsWith(".archived") || action.endsWith(".deactivated"))
    return "amber";
  if (action.endsWith(".read")) return "info";
  return action.endsWith(".created") || action.endsWith(".accepted") ? "pine" : "plain";
}

/** Details in one line: "role: admin · active: no". */
export function detailText(details: Record<string, unknown> | null | undefined): string {
  return Object.entries(details ?? {})
    .map(([key, value]) => `${key.replace(/_/g, " ")}: ${valueText(value)}`)
    .join(" · ");
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueText).join(", ");
  if (typeof value === "object") {
    const o = value as Record<string, unknown>;
    if ("old" in o || "new" in o) return `${valueText(o["old"])} → ${valueText(o["new"])}`;
    return detailText(o);
  }
  return String(value).replace(/_/g, " ");
}
