import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { accessKeys } from "../../api/access.ts";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { ClientAccess, GroupChatAccess, OrganizationAccess, StaffAccess } from "../../api/types.ts";
import type { Save } from "./panel.ts";

const historyPage = 30;

export function useHistory(clientId: string) {
  return useInfiniteQuery({
    queryKey: accessKeys.history(clientId),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/clients/{id}/chat-access/history", {
          signal,
          params: {
            path: { id: clientId },
            query: { limit: historyPage, ...(pageParam && { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** What a change of one client's access makes old elsewhere. */
export function refreshClient(id: string): void {
  for (const queryKey of [
    accessKeys.client(id),
    accessKeys.history(id),
    accessKeys.lists,
    accessKeys.counts,
    keys.client(id),
    keys.clientLists,
    keys.inboxes,
    keys.conversations,
  ])
    void queryClient.invalidateQueries({ queryKey });
}

/** What a change of many clients' access makes old. */
export function refreshAll(): void {
  for (const queryKey of [
    keys.access,
    keys.groups,
    ["client"],
    keys.clientLists,
    keys.inboxes,
    keys.conversations,
  ])
    void queryClient.invalidateQueries({ queryKey });
}

export function putClientAccess(
  id: string,
  body: Save & { version: number; reason?: string | null; until?: string | null },
): Promise<ClientAccess> {
  return ask(api.PUT("/api/v1/clients/{id}/chat-access", { params: { path: { id } }, body }));
}

/** Saves what the panel asks for, whole or not at all. */
export function useSaveClient(id: string) {
  return useMutation({
    mutationFn: (body: Save & { version: number }) => putClientAccess(id, body),
    onSuccess: (saved) => queryClient.setQueryData(accessKeys.client(id), saved),
    onSettled: () => refreshClient(id),
  });
}

export function useGroupAccess(id: string) {
  return useQuery({
    queryKey: accessKeys.group(id),
    queryFn: () => ask(api.GET("/api/v1/groups/{id}/chat-access", { params: { path: { id } } })),
  });
}

export type GroupBody = Partial<
  Pick<GroupChatAccess, "direct" | "community" | "notice"> & { reason: string | null; until: string | null }
>;

export function useSaveGroup(id: string) {
  return useMutation({
    mutationFn: ({ version, ...body }: GroupBody & { version: number }) =>
      ask(
        api.PUT("/api/v1/groups/{id}/chat-access", { params: { path: { id } }, body: { version, ...body } }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(accessKeys.group(id), saved);
      refreshAll();
    },
  });
}

export function useOrganizationAccess(enabled = true) {
  return useQuery({
    queryKey: accessKeys.organization,
    queryFn: () => ask(api.GET("/api/v1/organization/chat-access")),
    enabled,
  });
}

export type OrganizationBody = Partial<Pick<OrganizationAccess, "direct" | "community">> & {
  notice?: Partial<OrganizationAccess["notice"]>;
};

export function useSaveOrganization() {
  return useMutation({
    mutationFn: ({ version, ...body }: OrganizationBody & { version: number }) =>
      ask(api.PUT("/api/v1/organization/chat-access", { body: { version, ...body } })),
    onSuccess: (saved) => {
      queryClient.setQueryData(accessKeys.organization, saved);
      refreshAll();
    },
  });
}

export function useStaffAccess(id: string) {
  return useQuery({
    queryKey: accessKeys.staff(id),
    queryFn: () => ask(api.GET("/api/v1/staff/{id}/chat-access", { params: { path: { id } } })),
    enabled: id !== "",
  });
}

export function useSaveStaff(id: string) {
  return useMutation({
    mutationFn: (body: Pick<StaffAccess, "version"> & Partial<Pick<StaffAccess, "direct" | "community">>) =>
      ask(api.PUT("/api/v1/staff/{id}/chat-access", { params: { path: { id } }, body })),
    onSuccess: (saved) => queryClient.setQueryData(accessKeys.staff(id), saved),
  });
}
