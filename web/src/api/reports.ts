import { useQuery } from "@tanstack/react-query";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import { can, isClient } from "./session.ts";
import type { Me } from "./types.ts";

/** Who settles reports of posts; of which conversations the server decides. */
export function mayModerate(me: Me): boolean {
  return !isClient(me) && can(me, "start_community_chats");
}

/** How many reports wait for this person; 0 for those who settle none. */
export function useOpenReports(me: Me): number {
  const { data } = useQuery({
    queryKey: keys.reportCount,
    queryFn: () => ask(api.GET("/api/v1/reports/count")),
    enabled: mayModerate(me),
    staleTime: 60_000,
  });
  return mayModerate(me) ? (data?.open ?? 0) : 0;
}
