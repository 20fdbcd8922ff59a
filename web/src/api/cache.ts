import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.ts";
import { keys } from "./keys.ts";

/** The one cache of server state; live events patch it. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended elsewhere shows at the next question: the gate then asks to sign in.
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(keys.me, null);
    },
  }),
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
