import type {
  ClientNotifications,
  GroupNotifications,
  OrganizationNotifications,
} from "../../../api/clientNotifications.ts";
import type { Setting } from "../../../api/types.ts";
import { type Cells, eachCell, flat } from "./cells.ts";

// What is edited is kept a cell at a time, so that two people who change
// different cells lose nothing of each other's.

export interface ClientForm extends Cells<Setting> {
  version: number;
  group: { id: string; name: string } | null;
  groupCells: Cells<Setting> | null;
  defaults: Cells<"on" | "off">;
  narrowed: Cells<boolean>;
}

export interface GroupForm extends Cells<Setting> {
  version: number;
  members: number;
}

export interface OrganizationForm extends Cells<"on" | "off"> {
  version: number;
  name_in_notifications: boolean;
  names_for_staff: boolean;
}

export function clientForm(n: ClientNotifications): ClientForm {
  return {
    ...flat(n.own),
    version: n.version,
    group: n.group && { id: n.group.id, name: n.group.name },
    groupCells: n.group && flat(n.group.settings),
    defaults: flat(n.default),
    narrowed: flat(n.narrowed),
  };
}

export function groupForm(n: GroupNotifications): GroupForm {
  return { ...flat(n.settings), version: n.version, members: n.members };
}

export function organizationForm(n: OrganizationNotifications): OrganizationForm {
  const { version, name_in_notifications, names_for_staff } = n;
  return { ...flat(n.defaults), version, name_in_notifications, names_for_staff };
}

/** Stands for what has not come yet: older than any version that will. */
export const noClientForm: ClientForm = {
  ...eachCell((): Setting => "unset"),
  version: 0,
  group: null,
  groupCells: null,
  defaults: eachCell(() => "on"),
  narrowed: eachCell(() => false),
};

export const noGroupForm: GroupForm = { ...eachCell((): Setting => "unset"), version: 0, members: 0 };
