import { type ComponentType, lazy, type ReactNode } from "react";
import { mayModerate } from "../api/reports.ts";
import { can, isClient } from "../api/session.ts";
import type { Me } from "../api/types.ts";
import { InboxPage } from "../features/conversations/InboxPage.tsx";
import { match } from "../lib/router.tsx";
import { ClientRoute, ClientSettings, inboxAbout } from "./access.tsx";
import { appRoutes } from "./appRoutes.tsx";
import { BlastsRoute } from "./blasts.tsx";
import { NotFound } from "./NotFound.tsx";
import { BellAt } from "./notices.tsx";
import { notificationRoutes } from "./notificationRoutes.tsx";
import { inboxResults } from "./search.tsx";
import { mayConfigure, mayManageAccess, mayOpenSettings } from "./Rail.tsx";
import { SettingsFrame } from "./settings.tsx";

type PageProps = { params: Record<string, string> };

/** A page that is fetched when it is first visited. */
function page<K extends string>(load: () => Promise<Record<K, ComponentType<PageProps>>>, name: K) {
  return lazy(async () => ({ default: (await load())[name] }));
}

const AccountPage = page(() => import("../features/session/AccountPage.tsx"), "AccountPage");
const AuditPage = page(() => import("../features/audit/AuditPage.tsx"), "AuditPage");
const AccessPage = page(() => import("../features/chat-access/AccessPage.tsx"), "AccessPage");
const GroupSheet = page(() => import("../features/chat-access/GroupSheet.tsx"), "GroupSheet");
const GroupsPage = page(() => import("../features/settings/GroupsPage.tsx"), "GroupsPage");
const JournalPage = page(() => import("../features/chat-access/JournalPage.tsx"), "JournalPage");
const ChatNotificationsPage = page(
  () => import("../features/chat-access/notifications/NotificationsPage.tsx"),
  "NotificationsPage",
);
const NoticesPage = page(() => import("../features/chat-access/NoticesPage.tsx"), "NoticesPage");
const AwayPage = page(() => import("../features/writing/AwayPage.tsx"), "AwayPage");
const TemplatesPage = page(() => import("../features/writing/TemplatesPage.tsx"), "TemplatesPage");
const WelcomePage = page(() => import("../features/writing/WelcomePage.tsx"), "WelcomePage");
const BlastSettingsPage = page(() => import("../features/blasts/BlastSettingsPage.tsx"), "BlastSettingsPage");
const ClientsPage = page(() => import("../features/clients/ClientsPage.tsx"), "ClientsPage");
const SettingsPage = page(() => import("../features/settings/SettingsPage.tsx"), "SettingsPage");
const MessagesPage = page(() => import("../features/settings/MessagesPage.tsx"), "MessagesPage");
const ReportsPage = page(() => import("../features/reports/ReportsPage.tsx"), "ReportsPage");
const WebhooksPage = page(() => import("../features/webhooks/WebhooksPage.tsx"), "WebhooksPage");
const WebhookPage = page(() => import("../features/webhooks/WebhookPage.tsx"), "WebhookPage");
const UnansweredPage = page(() => import("../features/waiting/UnansweredPage.tsx"), "UnansweredPage");
const FirstResponsePage = page(
  () => import("../features/waiting/FirstResponsePage.tsx"),
  "FirstResponsePage",
);
const TeamPage = page(() => import("../features/team/TeamPage.tsx"), "TeamPage");

interface Route {
  pattern: string;
  title: string;
  /** Whether the server would answer this person here at all. */
  open(me: Me): boolean;
  show(params: Record<string, string>): ReactNode;
}

const staff = (me: Me) => !isClient(me);
const anyone = () => true;
/** A client's profile, with or without the panel of its chat settings over it. */
const client = (settings: boolean) => (params: Record<string, string>) => (
  <ClientRoute params={params} sheet={settings && <ClientSettings params={params} />} />
);

const groups = (settings: boolean) => (params: Record<string, string>) => (
  <>
    <GroupsPage params={params} />
    {settings && <GroupSheet params={params} />}
  </>
);

const inbox = (params: Record<string, string>) => (
  <InboxPage
    id={params["id"] ?? ""}
    about={inboxAbout}
    results={inboxResults(params)}
    bell={<BellAt place="list" />}
  />
);

const routes: readonly Route[] = [
  ...appRoutes,
  ...notificationRoutes,
  { pattern: "/inbox", title: "Inbox", open: anyone, show: inbox },
  { pattern: "/inbox/:id", title: "Inbox", open: anyone, show: inbox },
  { pattern: "/clients", title: "Clients", open: staff, show: (params) => <ClientsPage params={params} /> },
  { pattern: "/clients/groups", title: "Client groups", open: staff, show: groups(false) },
  {
    pattern: "/clients/groups/:id/chat-settings",
    title: "Chat Settings",
    open: mayManageAccess,
    show: groups(true),
  },
  { pattern: "/clients/:id", title: "Client", open: staff, show: client(false) },
  { pattern: "/clients/:id/chat-settings", title: "Chat Settings", open: staff, show: client(true) },
  {
    pattern: "/access",
    title: "Chat Access",
    open: mayManageAccess,
    show: (params) => <AccessPage params={params} />,
  },
  { pattern: "/blasts", title: "Blasts", open: staff, show: (params) => <BlastsRoute params={params} /> },
  { pattern: "/blasts/:id", title: "Blasts", open: staff, show: (params) => <BlastsRoute params={params} /> },
  { pattern: "/team", title: "Team", open: staff, show: (params) => <TeamPage params={params} /> },
  {
    pattern: "/audit",
    title: "Audit log",
    open: (me) => can(me, "read_audit_log"),
    show: (params) => <AuditPage params={params} />,
  },
  {
    pattern: "/settings",
    title: "Settings",
    open: mayConfigure,
    show: (params) => (
      <SettingsFrame>
        <SettingsPage params={params} />
      </SettingsFrame>
    ),
  },
  {
    pattern: "/settings/chat/journal-entries",
    title: "Journal Entries",
    open: mayOpenSettings,
    show: (params) => (
      <SettingsFrame>
        <JournalPage params={params} />
      </SettingsFrame>
    ),
  },
  {
    pattern: "/settings/chat/notifications",
    title: "Adjust Chat Notifications",
    open: mayConfigure,
    show: (params) => (
      <SettingsFrame>
        <ChatNotificationsPage params={params} />
      </SettingsFrame>
    ),
  },
  {
    pattern: "/settings/chat/notices",
    title: "Notices and hours",
    open: mayConfigure,
    show: (params) => (
      <SettingsFrame>
        <NoticesPage params={params} />
      </SettingsFrame>
    ),
  },
  ...[
    { path: "templates", title: "Templates", Content: TemplatesPage },
    { path: "away", title: "Away replies", Content: AwayPage },
    { path: "welcome", title: "Welcome message", Content: WelcomePage },
  ].map(({ path, title, Content }) => ({
    pattern: `/settings/chat/${path}`,
    title,
    open: staff,
    show: (params: Record<string, string>) => (
      <SettingsFrame>
        <Content params={params} />
      </SettingsFrame>
    ),
  })),
  {
    pattern: "/settings/chat/messages",
    title: "Messages and names",
    open: mayConfigure,
    show: (params) => (
      <SettingsFrame>
        <MessagesPage params={params} />
      </SettingsFrame>
    ),
  },
  {
    pattern: "/settings/chat/blasts",
    title: "Message Blasts",
    open: mayConfigure,
    show: (params) => (
      <SettingsFrame>
        <BlastSettingsPage params={params} />
      </SettingsFrame>
    ),
  },
  ...[
    { path: "webhooks", title: "Webhooks", Content: WebhooksPage },
    { path: "webhooks/:id", title: "Webhook", Content: WebhookPage },
  ].map(({ path, title, Content }) => ({
    pattern: `/settings/${path}`,
    title,
    open: mayConfigure,
    show: (params: Record<string, string>) => (
      <SettingsFrame>
        <Content params={params} />
      </SettingsFrame>
    ),
  })),
  {
    pattern: "/settings/unanswered",
    title: "Unanswered messages",
    open: mayConfigure,
    show: (params) => (
      <SettingsFrame>
        <UnansweredPage params={params} />
      </SettingsFrame>
    ),
  },
  {
    pattern: "/reports/first-response",
    title: "First response times",
    open: staff,
    show: (params) => (
      <SettingsFrame>
        <FirstResponsePage params={params} />
      </SettingsFrame>
    ),
  },
  {
    pattern: "/reports",
    title: "Reports",
    open: mayModerate,
    show: (params) => <ReportsPage params={params} />,
  },
  { pattern: "/account", title: "You", open: anyone, show: (params) => <AccountPage params={params} /> },
];

/** The address of every page, for whoever must know them without opening one. */
export const patterns: readonly string[] = routes.map((r) => r.pattern);

/** The page for an address, and what the window is called there. */
export function route(path: string, me: Me): { title: string; content: ReactNode } {
  for (const { pattern, title, open, show } of routes) {
    const params = match(pattern, path);
    if (params && open(me)) return { title, content: show(params) };
  }
  return { title: "Not found", content: <NotFound /> };
}
