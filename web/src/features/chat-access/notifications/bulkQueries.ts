import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../../api/cache.ts";
import { api, ApiError, ask, explain } from "../../../api/client.ts";
import {
  type NotificationsChange,
  type NotificationsChangeRequest,
  notificationKeys,
} from "../../../api/clientNotifications.ts";
import { say, sayUndo } from "../../../ui/toast.ts";
import { undoWords } from "../bulk.ts";
import { doneWords } from "./words.ts";

/** How often one looks again while a change of many is under way, in milliseconds. */
const often = 500;

/** What a change would do; nothing is changed by asking. */
export function useNotificationPreview(request: NotificationsChangeRequest) {
  return useQuery({
    queryKey: notificationKeys.preview(request),
    queryFn: ({ signal }) =>
      ask(api.POST("/api/v1/notifications/changes/preview", { signal, body: request })),
    enabled: Object.keys(request.set).length > 0,
    // A token is for this look only.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
}

/** Applies what was looked at; it goes on, and offers its way back, also where nobody watches it. */
export function useApplyNotifications() {
  return useMutation({
    mutationFn: async ({ token, progress }: { token: string; progress(change: NotificationsChange): void }) =>
      followed(await ask(api.POST("/api/v1/notifications/changes", { body: { token } })), progress),
    onSuccess: ({ id, changed }) => {
      refreshNotifications();
      sayUndo(doneWords(changed), () => void undoNotifications(id));
    },
  });
}

export function isRunning(change: Pick<NotificationsChange, "state">): boolean {
  return change.state === "applying" || change.state === "undoing";
}

/** The change once it is through. A few looks that are not answered in between do not matter. */
async function followed(
  change: NotificationsChange,
  progress?: (change: NotificationsChange) => void,
): Promise<NotificationsChange> {
  let missed = 0;
  for (;;) {
    progress?.(change);
    if (!isRunning(change)) return change;
    await new Promise((done) => setTimeout(done, often));
    try {
      change = await ask(
        api.GET("/api/v1/notifications/changes/{id}", { params: { path: { id: change.id } } }),
      );
      missed = 0;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.passing || ++missed > 10) throw error;
    }
  }
}

const changesPage = 30;

export function useNotificationChanges() {
  return useInfiniteQuery({
    queryKey: notificationKeys.changes,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/api/v1/notifications/changes", {
          signal,
          params: { query: { limit: changesPage, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items?.some(isRunning)) ? often : false,
  });
}

/** Takes a change back and says for whom, once that is through. */
export async function undoNotifications(id: string): Promise<void> {
  try {
    const begun = await ask(
      api.POST("/api/v1/notifications/changes/{id}/undo", { params: { path: { id } } }),
    );
    void queryClient.invalidateQueries({ queryKey: notificationKeys.changes });
    const { restored, left, left_sample } = await followed(begun);
    say(undoWords(restored, left_sample, left));
  } catch (error) {
    say(explain(error));
  } finally {
    refreshNotifications();
  }
}

/** What a change of many clients' notifications makes old. */
function refreshNotifications(): void {
  for (const queryKey of [notificationKeys.clients, notificationKeys.changes])
    void queryClient.invalidateQueries({ queryKey });
}
