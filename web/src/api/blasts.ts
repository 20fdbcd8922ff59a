import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { createStore } from "../lib/store.ts";
import { type Choice, isEmpty } from "./choice.ts";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { Recipients } from "./types.ts";

/** Who of these can be written to; nothing is made by asking. */
export function useBlastPreview(recipients: Recipients, enabled = true) {
  return useQuery({
    queryKey: keys.blastPreview(recipients),
    queryFn: ({ signal }) => ask(api.POST("/api/v1/blasts/preview", { body: recipients, signal })),
    enabled: enabled && !isEmpty(recipients),
    staleTime: 10_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** Everyone who will be skipped, by name. */
export function useUnavailable(recipients: Recipients) {
  return useInfiniteQuery({
    queryKey: keys.blastSkips(recipients),
    initialPageParam: 0,
    queryFn: ({ pageParam: after, signal }) =>
      ask(api.POST("/api/v1/blasts/preview/unavailable", { body: { ...recipients, after }, signal })),
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 10_000,
  });
}

/** One blast with its numbers; while it runs they are asked for again every so many milliseconds. */
export function useBlast(id: string, enabled = true, every = 0) {
  return useQuery({
    queryKey: keys.blast(id),
    queryFn: ({ signal }) => ask(api.GET("/api/v1/blasts/{id}", { params: { path: { id } }, signal })),
    enabled: enabled && id !== "",
    refetchInterval: ({ state: { data: b } }) =>
      every > 0 && (b?.state === "sending" || b?.state === "scheduled") ? every : false,
  });
}

/** Whom the dialog for a new conversation chose, until the page that writes the blast takes it up. */
export const handedOver = createStore<{ choice: Choice; staff: readonly string[] } | null>(null);
