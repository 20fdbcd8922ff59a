import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ApiError, ask } from "./client.ts";
import type { Found } from "./types.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How many pages without a hit are gone through before somebody has to ask for more. */
const patience = 10;

/** What is looked through: what one takes part in, everything one may read, or one conversation. */
export type Where = { inbox: "own" | "organization" } | { conversation_id: string };

/** Messages that one may read and that fit, the newest first. Nothing is asked for "". */
export function useFound(q: string, where: Where) {
  const found = useInfiniteQuery({
    queryKey: ["search", q, where],
    enabled: q !== "",
    // What was found is not kept for long: messages change, and people look over shoulders.
    gcTime: 60_000,
    retry: false,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/search", {
          signal,
          params: {
            query: {
              q,
              ...where,
              limit: 30,
              ...(zone && { time_zone: zone }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const pages = q === "" ? [] : (found.data?.pages ?? []);
  const items: Found[] = pages.flatMap((page) => page.items);
  const goOn = hasNextPage && !isFetching && items.length === 0 && pages.length < patience;
  useEffect(() => {
    if (goOn) void fetchNextPage();
  }, [goOn, fetchNextPage]);
  return {
    ...found,
    items,
    /** Nothing was found yet, and it is still looked for. */
    looking: q !== "" && (found.isPending || (items.length === 0 && (isFetching || goOn))),
  };
}

/** What is wrong with a search that the server does not understand; "" where it is something else. */
export function unreadable(error: unknown): string {
  const detail = error instanceof ApiError && error.code === "invalid" ? error.fields[0]?.detail : "";
  return detail ? `What you’re looking for ${detail.charAt(0).toLowerCase()}${detail.slice(1)}` : "";
}
