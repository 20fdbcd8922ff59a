import { useInfiniteQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Messages that one may read and that fit, the newest first. Nothing is asked for "". */
export function useFound(q: string, inbox: "own" | "organization") {
  return useInfiniteQuery({
    queryKey: ["search", q, inbox],
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
              inbox,
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
}
