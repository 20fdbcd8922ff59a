import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ask } from "../../api/client.ts";
import { useStaff } from "../../api/directory.ts";
import { isClient, useMe } from "../../api/session.ts";
import type { Client } from "../../api/types.ts";
import { clientRecipient, type Recipient, staffRecipient } from "./recipients.ts";

/** Clients and staff whose names fit what was typed. */
export function usePeople(q: string): { list: Recipient[]; loading: boolean } {
  const me = useMe();
  const staff = useStaff();
  const clients = useQuery({
    queryKey: ["clients", "picker", q],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/v1/clients", {
          signal,
          params: { query: { limit: 30, state: "active", ...(q && { q }) } },
        }),
      ),
    enabled: !isClient(me),
    placeholderData: (before) => before,
  });
  const list = useMemo(() => {
    const words = q.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
    const fits = (name: string) => words.every((w) => name.toLocaleLowerCase("en-US").includes(w));
    const colleagues = (staff.data ?? []).filter(
      (s) => s.id !== me.user.id && fits(s.name) && (isClient(me) ? s.clients_may_start : s.active !== false),
    );
    return [
      ...((clients.data?.items ?? []) as Client[]).map(clientRecipient),
      ...colleagues.map(staffRecipient),
    ];
  }, [staff.data, clients.data, q, me]);
  return { list, loading: staff.isPending || (clients.isPending && !isClient(me)) };
}
