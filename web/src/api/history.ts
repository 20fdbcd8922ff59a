import { useInfiniteQuery } from "@tanstack/react-query";
import { ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { Channel, NotificationKind } from "./preferences.ts";
import { untyped } from "./notices.ts";

export type DeliveryState = "waiting" | "sent" | "failed" | "bounced" | "dropped";

/** That somebody was told, or was not; never of what or by whom. */
export interface Delivery {
  id: string;
  at: string;
  kind: NotificationKind | "mention";
  channel: Channel;
  state: DeliveryState;
  why: string | null;
  settled_at: string | null;
}

interface HistoryPage {
  items: Delivery[] | null;
  has_more: boolean;
}

/** What became of somebody's notifications, newest first; "" for one's own. */
export function useNotificationHistory(clientId: string) {
  return useInfiniteQuery({
    queryKey: keys.notificationHistory(clientId),
    queryFn: async ({ pageParam, signal }) => {
      const query = pageParam ? { before: pageParam } : {};
      const asked = clientId
        ? untyped.GET("/api/v1/clients/{id}/notification-history", {
            params: { path: { id: clientId }, query },
            signal,
          })
        : untyped.GET("/api/v1/me/notification-history", { params: { query }, signal });
      return (await ask(asked)) as HistoryPage;
    },
    initialPageParam: "",
    getNextPageParam: (last) => (last.has_more ? last.items?.[last.items.length - 1]?.id : undefined),
    staleTime: 0,
  });
}
