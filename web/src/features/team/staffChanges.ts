import type { StaffFields } from "./mutations.ts";
import { samePermissions } from "./permissions.ts";

/** Without blanks around what was typed. */
export function cleaned(form: StaffFields): StaffFields {
  return { ...form, name: form.name.trim(), email: form.email.trim(), title: form.title?.trim() || null };
}

/** Only what differs, so that a rename does not touch permissions. */
export function changed(before: StaffFields, after: StaffFields): Partial<StaffFields> {
  const changes: Partial<StaffFields> = {};
  if (after.name !== before.name) changes.name = after.name;
  if (after.email !== before.email) changes.email = after.email;
  if (after.title !== before.title) changes.title = after.title;
  if (after.role !== before.role) changes.role = after.role;
  if (after.clients_may_start !== before.clients_may_start)
    changes.clients_may_start = after.clients_may_start;
  const sameRole = after.role === before.role;
  if (!sameRole || !samePermissions(after.permissions, before.permissions))
    changes.permissions = after.permissions;
  return changes;
}
