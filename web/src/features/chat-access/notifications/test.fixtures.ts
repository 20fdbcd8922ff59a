import type { ClientNotifications, NotificationsChange } from "../../../api/clientNotifications.ts";
import { type Matrix } from "../../../api/clientNotifications.ts";
import { priya } from "../test.fixtures.ts";

// Invented settings for tests; every builder takes what matters to the test.

export function matrix<T>(value: T): Matrix<T> {
  const row = () => ({ email: value, push: value, in_app: value });
  return { direct: row(), community: row() };
}

export function clientNotifications(over: Partial<ClientNotifications> = {}): ClientNotifications {
  return {
    client_id: "u-maya",
    name: "Maya Lindqvist",
    version: 1,
    own: matrix("unset"),
    group: { id: "g-1", name: "Diabetes Prevention", settings: matrix("unset") },
    default: matrix("on"),
    effective: matrix({ on: true, source: "default" }),
    narrowed: matrix(false),
    can_change: true,
    ...over,
  };
}

export function change(over: Partial<NotificationsChange> = {}): NotificationsChange {
  return {
    id: "n-1",
    state: "applied",
    total: 41,
    done: 41,
    changed: 34,
    restored: 0,
    left: 0,
    left_sample: [],
    place: "own",
    how: "bulk",
    include_own: false,
    matched: 41,
    finished_at: null,
    undone_at: null,
    undone_by: null,
    can_undo: true,
    undo_until: "2099-01-01T00:00:00.000Z",
    created_at: "2026-11-20T10:00:00.000Z",
    by: priya,
    set: { direct: { email: "off" } },
    ...over,
  };
}
