import { describe, expect, it } from "vitest";
import type { StaffFields } from "./mutations.ts";
import { roleDefaults } from "./permissions.ts";
import { changed, cleaned } from "./staffChanges.ts";

const before: StaffFields = {
  name: "Priya Raghunathan",
  email: "priya@example.test",
  role: "provider",
  title: "Therapist",
  permissions: ["send_blasts", "start_community_chats"],
  clients_may_start: true,
};

describe("changes to staff", () => {
  it("leave permissions alone when only the name changes", () => {
    expect(changed(before, cleaned({ ...before, name: " Priya R. " }))).toEqual({ name: "Priya R." });
  });

  it("do not count permissions in another order", () => {
    expect(changed(before, { ...before, permissions: ["start_community_chats", "send_blasts"] })).toEqual({});
  });

  it("bring the permissions along with a new role", () => {
    const after = { ...before, role: "support" as const, permissions: roleDefaults("support") };
    expect(changed(before, after)).toEqual({
      role: "support",
      permissions: ["view_all_clients", "manage_clients", "organization_inbox"],
    });
  });

  it("turn an emptied title into none", () => {
    expect(changed(before, cleaned({ ...before, title: "  " }))).toEqual({ title: null });
  });
});
