import type createClient from "openapi-fetch";
import type { QueryKey } from "@tanstack/react-query";
import { accessKeys } from "./access.ts";
import { api } from "./client.ts";
import type { components } from "./schema.gen.ts";
import type { AccessFilter, Person, Setting } from "./types.ts";

// "Adjust Chat Notifications": which notifications clients get, at the same three places as chat access.

export const kinds = ["direct", "community"] as const;
export const channels = ["email", "push", "in_app"] as const;
export type Kind = (typeof kinds)[number];
export type Channel = (typeof channels)[number];
export type Matrix<T> = Record<Kind, Record<Channel, T>>;
export type Part<T> = Partial<Record<Kind, Partial<Record<Channel, T>>>>;

type Schemas = components["schemas"];
export type ClientNotifications = Schemas["ClientNotifications"];
export type GroupNotifications = Schemas["GroupNotifications"];
export type OrganizationNotifications = Schemas["OrganizationNotifications"];

export interface NotificationPreview {
  token: string;
  total: number;
  changed: number;
  unchanged: number;
  sample: { client_id: string; name: string }[];
}

export interface NotificationChange {
  id: string;
  state: "applying" | "applied" | "undoing" | "undone";
  total: number;
  done: number;
  changed: number;
  restored: number;
  left: number;
  undo_until: string;
  created_at: string;
  by: Person;
  set: Part<Setting>;
}

type Answer<T> = { responses: { 200: { content: { "application/json": T } } } };
type Id = { parameters: { path: { id: string } } };
type Body<T> = { requestBody: { content: { "application/json": T } } };
interface Paths {
  "/api/v1/notifications/changes/preview": {
    post: Body<{ clients: AccessFilter; set: Part<Setting> }> & Answer<NotificationPreview>;
  };
  "/api/v1/notifications/changes": {
    get: { parameters: { query?: { limit?: number; cursor?: string } } } & Answer<{
      items: NotificationChange[] | null;
      next_cursor: string | null;
    }>;
    post: Body<{ token: string }> & Answer<NotificationChange>;
  };
  "/api/v1/notifications/changes/{id}": { get: Id & Answer<NotificationChange> };
  "/api/v1/notifications/changes/{id}/undo": { post: Id & Answer<NotificationChange> };
}

export const notificationsApi = api as unknown as ReturnType<typeof createClient<Paths>>;

// Below chat access, so that whatever makes that old (another group, say) makes these old too.
const root = [...accessKeys.all, "notifications"] as const;

export const notificationKeys = {
  all: root,
  clients: [...root, "client"] as const,
  client: (id: string): QueryKey => [...root, "client", id],
  group: (id: string): QueryKey => [...root, "group", id],
  organization: [...root, "organization"] as const,
  previews: [...root, "preview"] as const,
  preview: (of: object): QueryKey => [...root, "preview", of],
  changes: [...root, "changes"] as const,
  change: (id: string): QueryKey => [...root, "change", id],
};
