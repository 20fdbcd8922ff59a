import { useQuery } from "@tanstack/react-query";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";

/**
 * When the practice is open around now, for staff: what waiting is counted in. It is told
 * weeks ahead, so that asking now and then is enough.
 */
export function useOpenTimes(enabled: boolean) {
  return useQuery({
    queryKey: keys.opening,
    queryFn: () => ask(api.GET("/api/v1/organization/opening")),
    staleTime: 10 * 60_000,
    refetchInterval: 60 * 60_000,
    enabled,
  });
}
