import { useInfiniteQuery } from "@tanstack/react-query";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { NotificationDelivery } from "./types.ts";

/** That somebody was told, or was not; never of what or by whom. */
export type Delivery = NotificationDelivery;

/** What became of somebody's notifications, newest first; "" for one's own. */
export function useNotificationHistory(clientId: string) {
  return useInfiniteQuery({
    queryKey: keys.notificationHistory(clientId),
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam ? { before: pageParam } : {};
      return clientId
        ? ask(
            api.GET("/api/v1/clients/{id}/notification-history", {
              params: { path: { id: clientId }, query },
              signal,
            }),
          )
        : ask(api.GET("/api/v1/me/notification-history", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => (last.has_more ? last.items?.[last.items.length - 1]?.id : undefined),
    staleTime: 0,
  });
}
