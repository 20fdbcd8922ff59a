import { useInfiniteQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";

export interface AuditFilter {
  action: string;
  actor: string;
  subject: string;
  /** Calendar days, yyyy-mm-dd, both included; "" is open. */
  from: string;
  to: string;
}

/** The first moment of a calendar day in the viewer's zone, or of the day after it. */
export function dayStart(day: string, plus = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + plus).toISOString();
}

/** The audit log, newest first. */
export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: keys.audit(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/audit", {
          signal,
          params: {
            query: {
              limit: 50,
              ...(filter.action && { action: filter.action }),
              ...(filter.actor && { actor_id: filter.actor }),
              ...(filter.subject && { subject_id: filter.subject }),
              ...(filter.from && { after: dayStart(filter.from) }),
              ...(filter.to && { before: dayStart(filter.to, 1) }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}
