import type { AccessHistoryRow, ClientAccess, SwitchAccess } from "../../api/types.ts";

// Invented clients and switches for tests; every builder takes what matters to the test.

export const noor = { id: "u-noor", name: "Noor Haddad", kind: "staff" } as const;
export const priya = { id: "u-priya", name: "Priya Raghunathan", kind: "staff" } as const;

export function switchAccess(over: Partial<SwitchAccess> = {}): SwitchAccess {
  return {
    effective: true,
    source: "default",
    own: "unset",
    group: "unset",
    default: "on",
    reason: null,
    until: null,
    changed_by: null,
    changed_at: null,
    ...over,
  };
}

export function clientAccess(over: Partial<ClientAccess> = {}): ClientAccess {
  return {
    version: 1,
    client_id: "u-maya",
    name: "Maya Lindqvist",
    archived: false,
    group: { id: "g-1", name: "Diabetes Prevention" },
    direct: switchAccess(),
    community: switchAccess(),
    can_change: true,
    notice: { title: "Off", body: "Read on.", phone: "", hours: "", emergency: "911" },
    ...over,
  };
}

export function historyRow(over: Partial<AccessHistoryRow> = {}): AccessHistoryRow {
  return {
    id: "h-1",
    at: "2026-11-12T22:41:00.000Z",
    actor: noor,
    place: "client",
    switch: "direct",
    old: "unset",
    new: "off",
    reason: null,
    until: null,
    how: "profile",
    group: null,
    ...over,
  };
}
