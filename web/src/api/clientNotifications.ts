import type { QueryKey } from "@tanstack/react-query";
import { accessKeys } from "./access.ts";
import type { Channel } from "./preferences.ts";
import type { components } from "./schema.gen.ts";

// "Adjust Chat Notifications": which notifications clients get, at the same three places as chat access.

export const kinds = ["direct", "community"] as const;
export type Kind = (typeof kinds)[number];
export type Matrix<T> = Record<Kind, Record<Channel, T>>;
export type Part<T> = Partial<Record<Kind, Partial<Record<Channel, T>>>>;

type Schemas = components["schemas"];
export type ClientNotifications = Schemas["ClientNotifications"];
export type GroupNotifications = Schemas["GroupNotifications"];
export type OrganizationNotifications = Schemas["OrganizationNotifications"];

export type NotificationsPreview = Schemas["NotificationsPreview"];
export type NotificationsChange = Schemas["NotificationsChange"];
export type NotificationsChangeRequest = Schemas["NotificationsChangeRequest"];

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
