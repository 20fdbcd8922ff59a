import { lazy, type ReactNode } from "react";
import { isClient, useMe } from "../api/session.ts";
import { SettingsFrame } from "./settings.tsx";

const NotificationsPage = lazy(async () => ({
  default: (await import("../features/notifications/NotificationsPage.tsx")).NotificationsPage,
}));
const HistoryPage = lazy(async () => ({
  default: (await import("../features/notifications/HistoryPage.tsx")).HistoryPage,
}));
const GoPage = lazy(async () => ({ default: (await import("../features/notifications/GoPage.tsx")).GoPage }));

/** Staff have a list of settings; a client’s own are few and stand under You. */
function Framed({ children }: { children: ReactNode }) {
  return isClient(useMe()) ? children : <SettingsFrame>{children}</SettingsFrame>;
}

const anyone = () => true;

/** One's own notifications, and where a push leads. */
export const notificationRoutes = [
  {
    pattern: "/settings/notifications",
    title: "Notifications",
    open: anyone,
    show: () => (
      <Framed>
        <NotificationsPage />
      </Framed>
    ),
  },
  {
    pattern: "/settings/notifications/history",
    title: "Notification history",
    open: anyone,
    show: () => (
      <Framed>
        <HistoryPage />
      </Framed>
    ),
  },
  {
    pattern: "/go/:id",
    title: "Notification",
    open: anyone,
    show: (params: Record<string, string>) => <GoPage params={params} />,
  },
];
