import { type QueryKey, useQuery } from "@tanstack/react-query";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { ClientAccess } from "./types.ts";

/** The switches by the names the server gives them. */
export type SwitchName = "direct" | "community";

export const switchNames = ["direct", "community"] as const;

/** Who may chat, and why: one client's two switches with their sources. */
export function useClientAccess(id: string, enabled = true) {
  return useQuery({
    queryKey: accessKeys.client(id),
    queryFn: ({ signal }) => readClientAccess(id, signal),
    enabled: enabled && id !== "",
  });
}

function readClientAccess(id: string, signal?: AbortSignal): Promise<ClientAccess> {
  return ask(
    api.GET("/api/v1/clients/{id}/chat-access", {
      params: { path: { id } },
      ...(signal && { signal }),
    }),
  );
}

export const accessKeys = {
  all: keys.access,
  clients: [...keys.access, "client"] as const,
  client: (id: string): QueryKey => [...keys.access, "client", id],
  history: (id: string): QueryKey => [...keys.access, "history", id],
  group: (id: string): QueryKey => [...keys.access, "group", id],
  organization: [...keys.access, "organization"] as const,
  staff: (id: string): QueryKey => [...keys.access, "staff", id],
  lists: [...keys.access, "list"] as const,
  list: (filter: object): QueryKey => [...keys.access, "list", filter],
  counts: [...keys.access, "counts"] as const,
  changes: [...keys.access, "changes"] as const,
};
