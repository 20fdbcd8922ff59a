import type { Permission } from "../../api/types.ts";

/** Every permission, with the words people decide by. */
export const permissions = [
  { id: "view_all_clients", label: "See every client", hint: "Otherwise only those of their own care team." },
  {
    id: "manage_clients",
    label: "Add and change clients",
    hint: "Also invites, archives and restores them.",
  },
  {
    id: "manage_chat_access",
    label: "Decide who may chat",
    hint: "A provider does so for their own care team.",
  },
  { id: "start_community_chats", label: "Start community chats", hint: "" },
  { id: "send_blasts", label: "Send message blasts", hint: "" },
  {
    id: "organization_inbox",
    label: "Read and answer every client conversation",
    hint: "On behalf of colleagues.",
  },
  { id: "manage_team", label: "Manage the team", hint: "Adds staff and gives permissions." },
  { id: "manage_settings", label: "Change practice settings", hint: "" },
  { id: "read_audit_log", label: "Read the audit log", hint: "" },
  { id: "export_records", label: "Export records", hint: "" },
] as const satisfies readonly { id: Permission; label: string; hint: string }[];

const everything: readonly Permission[] = permissions.map((p) => p.id);

/** What a role has unless permissions are chosen one by one; the server's defaults of the contract. */
const defaults: Record<string, readonly Permission[]> = {
  owner: everything,
  admin: everything,
  provider: ["start_community_chats", "send_blasts", "manage_chat_access"],
  support: ["view_all_clients", "manage_clients", "organization_inbox"],
};

export function roleDefaults(role: string): Permission[] {
  return [...(defaults[role] ?? [])];
}

export const roles = [
  { id: "owner", label: "Owner" },
  { id: "admin", label: "Admin" },
  { id: "provider", label: "Provider" },
  { id: "support", label: "Support" },
] as const;

export type Role = (typeof roles)[number]["id"];

export function roleLabel(role: string | null | undefined): string {
  return roles.find((r) => r.id === role)?.label ?? "Staff";
}

export function samePermissions(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((p) => b.includes(p));
}
