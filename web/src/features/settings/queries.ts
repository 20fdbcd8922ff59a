import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import { uuidv7 } from "../../lib/ids.ts";

export function useOrganization() {
  return useQuery({ queryKey: keys.organization, queryFn: () => ask(api.GET("/api/v1/organization")) });
}

export function useChangeOrganization() {
  return useMutation({
    mutationFn: (body: { name?: string; time_zone?: string; name_in_mail?: string; colour?: string }) =>
      ask(api.PATCH("/api/v1/organization", { body })),
    onSuccess: (organization) => {
      queryClient.setQueryData(keys.organization, organization);
      void queryClient.invalidateQueries({ queryKey: keys.me });
    },
  });
}

function refreshGroups(): void {
  for (const queryKey of [keys.groups, keys.clientLists, ["client"]])
    void queryClient.invalidateQueries({ queryKey });
}

export function useAddGroup() {
  return useMutation({
    mutationFn: (name: string) => ask(api.POST("/api/v1/groups", { body: { id: uuidv7(), name } })),
    onSuccess: refreshGroups,
  });
}

export function useRenameGroup() {
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      ask(api.PATCH("/api/v1/groups/{id}", { params: { path: { id } }, body: { name } })),
    onSuccess: refreshGroups,
  });
}

/** Removes a group; its members move to another one, or leave all groups. */
export function useDeleteGroup() {
  return useMutation({
    mutationFn: ({ id, moveTo }: { id: string; moveTo: string }) =>
      ask(
        api.DELETE("/api/v1/groups/{id}", {
          params: { path: { id }, query: moveTo ? { move_to: moveTo } : {} },
        }),
      ),
    onSuccess: refreshGroups,
  });
}
