import { useQueries } from "@tanstack/react-query";
import { api, ask } from "../../../api/client.ts";
import type { Recipient } from "../../../api/recipients.ts";

/** Of how many clients of groups the names are asked for. */
const named = 50;

/** Whom a community chat will leave out: some by name, and how many in all. */
export interface LeftOut {
  names: readonly { id: string; name: string }[];
  total: number;
}

/** The clients of the chosen groups, and those picked one by one, who cannot take part now. */
export function useLeftOut(groups: readonly Recipient[], picked: readonly Recipient[]): LeftOut {
  const answers = useQueries({
    queries: groups.map((g) => ({
      queryKey: ["clients", "left-out", g.id],
      queryFn: () =>
        ask(
          api.GET("/api/v1/clients", {
            params: { query: { group_id: g.id, community: "off", state: "active", limit: named } },
          }),
        ),
      staleTime: 10_000,
    })),
  });
  const found = answers.flatMap((a) => a.data?.items ?? []);
  const more = answers.reduce(
    (n, a) => n + Math.max(0, (a.data?.total ?? 0) - (a.data?.items?.length ?? 0)),
    0,
  );
  return merged(picked, found, more);
}

/** Everyone once, however often they were chosen. */
export function merged(
  picked: readonly { id: string; name: string }[],
  found: readonly { id: string; name: string }[],
  more: number,
): LeftOut {
  const names = [...picked, ...found].filter((r, i, all) => all.findIndex((x) => x.id === r.id) === i);
  return { names, total: names.length + more };
}
