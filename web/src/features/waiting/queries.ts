import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Unanswered } from "../../api/types.ts";

/** When staff are reminded of what nobody has answered. */
export function useUnanswered() {
  return useQuery({
    queryKey: keys.unanswered,
    queryFn: () => ask(api.GET("/api/v1/organization/unanswered")),
  });
}

export function useSaveUnanswered() {
  return useMutation({
    mutationFn: (body: Partial<Unanswered> & { version: number }) =>
      ask(api.PUT("/api/v1/organization/unanswered", { body })),
    onSuccess: (saved) => {
      queryClient.setQueryData(keys.unanswered, saved);
      // Who waits for too long may be others now.
      void queryClient.invalidateQueries({ queryKey: keys.opening });
      void queryClient.invalidateQueries({ queryKey: keys.inboxes });
      void queryClient.invalidateQueries({ queryKey: keys.conversations });
    },
  });
}

/** How long clients waited, by week; provider is whose clients, "" for everybody's. */
export function useFirstResponse(weeks: number, provider: string) {
  return useQuery({
    queryKey: keys.firstResponse(weeks, provider),
    queryFn: () =>
      ask(
        api.GET("/api/v1/reports/first-response", {
          params: { query: { weeks, ...(provider && { provider_id: provider }) } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
