import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "./cache.ts";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { MailReach } from "./types.ts";

export type { MailReach };

/** Whether mails reach somebody's address; "" for oneself. */
export function useMailReach(clientId: string) {
  return useQuery({
    queryKey: keys.mailReach(clientId),
    queryFn: () =>
      clientId
        ? ask(api.GET("/api/v1/clients/{id}/mail-reach", { params: { path: { id: clientId } } }))
        : ask(api.GET("/api/v1/me/mail-reach")),
    staleTime: 0,
  });
}

/** Has mails tried to the address again. */
export function useTryMailAgain(clientId: string) {
  return useMutation({
    mutationFn: () =>
      clientId
        ? ask(api.POST("/api/v1/clients/{id}/mail-reach/retry", { params: { path: { id: clientId } } }))
        : ask(api.POST("/api/v1/me/mail-reach/retry")),
    onSuccess: (reach) => queryClient.setQueryData(keys.mailReach(clientId), reach),
  });
}
