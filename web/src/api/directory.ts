import { useQuery } from "@tanstack/react-query";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { Group, Staff } from "./types.ts";

interface Page<T> {
  items: T[] | null;
  next_cursor?: string | null | undefined;
}

/** Reads a short list to its end. */
async function all<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const got = await page(cursor);
    items.push(...(got.items ?? []));
    cursor = got.next_cursor ?? undefined;
  } while (cursor);
  return items;
}

/** Everyone on staff; a client gets their own care team. */
export function useStaff(enabled = true) {
  return useQuery({
    queryKey: keys.staff,
    queryFn: () =>
      all<Staff>((cursor) => ask(api.GET("/api/v1/staff", { params: { query: { limit: 200, cursor } } }))),
    staleTime: 60_000,
    enabled,
  });
}

/** Every client group. */
export function useGroups(enabled = true) {
  return useQuery({
    queryKey: keys.groups,
    queryFn: () =>
      all<Group>((cursor) => ask(api.GET("/api/v1/groups", { params: { query: { limit: 200, cursor } } }))),
    staleTime: 60_000,
    enabled,
  });
}
