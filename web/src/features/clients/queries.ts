import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { type ClientFilter, keys } from "../../api/keys.ts";
import type { Client, Conversation, Invitation } from "../../api/types.ts";

const pageSize = 100;

/** Clients by name, a page at a time; the total counts all that fit the filter, or with total_more at least so many. */
export function useClients(filter: ClientFilter) {
  return useInfiniteQuery({
    queryKey: keys.clients(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/clients", {
          signal,
          params: {
            query: {
              limit: pageSize,
              state: filter.state,
              ...(filter.q && { q: filter.q }),
              ...(filter.group && { group_id: filter.group }),
              ...(filter.provider && { provider_id: filter.provider }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}

export function useClient(id: string) {
  return useQuery({
    queryKey: keys.client(id),
    queryFn: () => ask(api.GET("/api/v1/clients/{id}", { params: { path: { id } } })) as Promise<Client>,
  });
}

export interface NewClient {
  id: string;
  name: string;
  email?: string;
  group_id?: string;
  primary_provider_id: string;
}

/** Adds a client; the same id again is the same client, so a repeat is safe. */
export function useAddClient() {
  return useMutation({
    mutationFn: (body: NewClient) => ask(api.POST("/api/v1/clients", { body })),
    onSuccess: () => refreshLists(),
  });
}

export interface ClientChange {
  name?: string;
  alias?: string | null;
  email?: string | null;
  group_id?: string | null;
  primary_provider_id?: string;
  care_team_ids?: string[];
  state?: "active" | "archived";
}

export function useChangeClient(id: string) {
  return useMutation({
    mutationFn: (body: ClientChange) =>
      ask(api.PATCH("/api/v1/clients/{id}", { params: { path: { id } }, body })) as Promise<Client>,
    onSuccess: (client) => {
      queryClient.setQueryData(keys.client(id), client);
      refreshLists();
      // A new provider makes a conversation; a new name shows in many.
      for (const queryKey of [keys.inboxes, keys.conversations])
        void queryClient.invalidateQueries({ queryKey });
    },
  });
}

function refreshLists(): void {
  for (const queryKey of [keys.clientLists, keys.groups]) void queryClient.invalidateQueries({ queryKey });
}

export function useInviteClient(id: string) {
  return useMutation({
    mutationFn: () =>
      ask(api.POST("/api/v1/clients/{id}/invitation", { params: { path: { id } } })) as Promise<Invitation>,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.client(id) }),
  });
}

/** The direct conversation with a client, made when there is none yet. */
export function useOpenConversation() {
  return useMutation({
    mutationFn: (clientId: string) =>
      ask(
        api.POST("/api/v1/conversations", { body: { kind: "direct", member_ids: [clientId] } }),
      ) as Promise<Conversation>,
    onSuccess: (made) => {
      queryClient.setQueryData(keys.conversation(made.id), made);
      void queryClient.invalidateQueries({ queryKey: keys.inboxes });
    },
  });
}
