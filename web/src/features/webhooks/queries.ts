import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Webhook, WebhookDelivery, WebhookSecret } from "../../api/types.ts";

/** The practice's webhooks, the oldest first. */
export function useWebhooks() {
  return useQuery({
    queryKey: keys.webhooks,
    queryFn: async () => (await ask(api.GET("/api/v1/webhooks"))).items,
  });
}

const path = (id: string) => ({ params: { path: { id } } });

/** Puts a webhook as it is now in its place, or behind the others. */
function keep(now: Webhook): void {
  queryClient.setQueryData(keys.webhooks, (all: Webhook[] | undefined) =>
    all?.some((w) => w.id === now.id) ? all.map((w) => (w.id === now.id ? now : w)) : [...(all ?? []), now],
  );
}

const keepSecret = ({ webhook }: WebhookSecret) => keep(webhook);
const refresh = (id: string) => {
  void queryClient.invalidateQueries({ queryKey: keys.webhooks, exact: true });
  void queryClient.invalidateQueries({ queryKey: keys.webhookDeliveries(id) });
};

/** What can be entered of a webhook. */
export type Entered = Pick<Webhook, "url" | "description" | "events">;

export function useAddWebhook() {
  return useMutation({
    mutationFn: (body: Entered) => ask(api.POST("/api/v1/webhooks", { body })),
    onSuccess: keepSecret,
  });
}

export function useChangeWebhook() {
  return useMutation({
    mutationFn: ({ id, ...body }: Partial<Entered> & { id: string; version: number; active?: boolean }) =>
      ask(api.PATCH("/api/v1/webhooks/{id}", { ...path(id), body })),
    onSuccess: (now) => {
      keep(now);
      refresh(now.id);
    },
  });
}

/** A new secret; for a day the one before signs too. */
export function useNewSecret() {
  return useMutation({
    mutationFn: (id: string) => ask(api.POST("/api/v1/webhooks/{id}/secret", path(id))),
    onSuccess: keepSecret,
  });
}

export async function deleteWebhook(id: string): Promise<void> {
  await ask(api.DELETE("/api/v1/webhooks/{id}", path(id)));
  queryClient.setQueryData(keys.webhooks, (all: Webhook[] | undefined) => all?.filter((w) => w.id !== id));
}

/** Calls a webhook now; the answer is how it answered. */
export function useTestWebhook() {
  return useMutation({
    mutationFn: (id: string) => ask(api.POST("/api/v1/webhooks/{id}/test", path(id))),
    onSuccess: (_, id) => refresh(id),
  });
}

export type StateFilter = "" | "waiting" | "delivered" | "failed";

/** How often deliveries are asked for again while some are on their way, in milliseconds. */
const again = 4_000;

/** What was and is to be sent to a webhook, newest first. */
export function useDeliveries(id: string, state: StateFilter) {
  return useInfiniteQuery({
    queryKey: [...keys.webhookDeliveries(id), state],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(state && { state }), ...(pageParam && { before: pageParam }) };
      return ask(api.GET("/api/v1/webhooks/{id}/deliveries", { signal, params: { path: { id }, query } }));
    },
    getNextPageParam: (page) => (page.has_more ? page.items[page.items.length - 1]?.id : undefined),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((p) => p.items.some((d) => d.due_at !== null)) ? again : false,
  });
}

export function useReplay(webhook: string) {
  return useMutation({
    mutationFn: ({ id }: WebhookDelivery) =>
      ask(
        api.POST("/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay", {
          params: { path: { id: webhook, delivery_id: id } },
        }),
      ),
    onSuccess: () => refresh(webhook),
  });
}
