import type { components } from "./schema.gen.ts";

// Short names for the server's own types; nothing here is written by hand.
type Schemas = components["schemas"];

export type Attachment = Schemas["Attachment"];
export type ChatSettings = Schemas["ChatSettings"];
export type Client = Schemas["Client"];
export type Community = Schemas["Community"];
export type Conversation = Schemas["Conversation"];
export type Group = Schemas["Group"];
export type Invitation = Schemas["Invitation"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type Message = Schemas["Message"];
export type Quote = Schemas["Quote"];
export type Person = Schemas["Person"];
export type Report = Schemas["Report"];
export type Staff = Schemas["Staff"];
export type AuditRow = Schemas["AuditRow"];
export type Permission = Me["permissions"][number];
export type AccessChange = Schemas["AccessChange"];
export type AccessFilter = Schemas["AccessFilter"];
export type AccessHistoryRow = Schemas["AccessHistoryRow"];
export type AccessPreview = Schemas["AccessPreview"];
export type AccessRow = Schemas["AccessRow"];
export type ClientAccess = Schemas["ClientAccess"];
export type GroupChatAccess = Schemas["GroupAccess"];
export type Notice = Schemas["Notice"];
export type OrganizationAccess = Schemas["OrganizationAccess"];
export type StaffAccess = Schemas["StaffAccess"];
export type SwitchAccess = Schemas["SwitchAccess"];
export type Away = Schemas["Away"];
export type AwayHours = Schemas["AwayHours"];
export type NextStep = Schemas["NextStep"];
export type Scheduled = Schemas["Scheduled"];
export type Template = Schemas["Template"];
export type Welcome = Schemas["Welcome"];
export type Setting = SwitchAccess["own"];
