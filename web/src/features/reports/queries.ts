import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";

export type ReportState = "open" | "closed";

/** Reports that this person settles, the newest first. */
export function useReports(state: ReportState) {
  return useInfiniteQuery({
    queryKey: keys.reportList(state),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/reports", {
          signal,
          params: { query: { state, limit: 50, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export interface Settling {
  id: string;
  outcome: "removed" | "kept";
  note: string;
}

/** Settles a report, and with it every open one of the same post. */
export function useResolve() {
  return useMutation({
    mutationFn: ({ id, outcome, note }: Settling) =>
      ask(
        api.POST("/api/v1/reports/{id}/resolve", {
          params: { path: { id } },
          body: { outcome, ...(note.trim() !== "" && { note: note.trim() }) },
        }),
      ),
    // Also after a refusal: somebody else may have settled it.
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.reports }),
  });
}
