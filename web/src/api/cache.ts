import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.ts";
import { createStore } from "../lib/store.ts";
import { keys } from "./keys.ts";

/** The session ended somewhere else while this window was open. */
export const expired = createStore(false);

/** Such an end shows at the next question: the gate then asks to sign in. */
function noticeExpiry(error: Error): void {
  if (!(error instanceof ApiError) || error.code !== "unauthenticated") return;
  // Someone who merely mistypes a password to sign in was not signed in before.
  if (!queryClient.getQueryData(keys.me)) return;
  expired.set(true);
  queryClient.setQueryData(keys.me, null);
}

/** The one cache of server state; live events patch it. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeExpiry }),
  mutationCache: new MutationCache({ onError: noticeExpiry }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => error instanceof ApiError && error.passing && failures < 2,
      retryDelay: (attempt) => Math.min(4_000, 600 * 2 ** attempt),
      // Our own live status says when there is a network; a paused query would hang silently.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
