import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { count } from "../lib/text.ts";
import { api, ask } from "./client.ts";
import { useStaff } from "./directory.ts";
import { isClient, useMe } from "./session.ts";
import type { Client, ClientsFilter, Group, Staff } from "./types.ts";

/** Someone who can be picked to be written to, or many who are picked at once; or is shown as unavailable. */
export interface Recipient {
  id: string;
  name: string;
  /** all: "My active clients" and the like; filter and list: clients chosen by what they have, or from a file. */
  kind: "client" | "staff" | "group" | "all" | "filter" | "list";
  /** Second line. */
  about: string;
  /** Direct Messaging is on. */
  direct: boolean;
  /** Community Chat is on. */
  community: boolean;
  /** How many clients are in it, where that is known; of a group and the like. */
  size?: number;
  /** A client as the server told of them; to see which group and care team they are in. */
  client?: Client;
  /** Of a filter. */
  filter?: ClientsFilter;
  /** Of a list. */
  ids?: readonly string[];
}

export function clientRecipient(c: Client): Recipient {
  return {
    id: c.id,
    name: c.name,
    kind: "client",
    about: c.group_name ? `Client · ${c.group_name}` : "Client",
    direct: c.chat_access.direct,
    community: c.chat_access.community,
    client: c,
  };
}

function staffRecipient(s: Staff): Recipient {
  const role = s.role ? s.role.charAt(0).toUpperCase() + s.role.slice(1) : "Staff";
  return { id: s.id, name: s.name, kind: "staff", about: s.title || role, direct: true, community: true };
}

/** A group stands for its clients. */
export function groupRecipient(g: Group): Recipient {
  return { ...many("group", g.id, g.name, count(g.client_count, "client")), size: g.client_count };
}

/** Many clients under one name. */
export function many(kind: Recipient["kind"], id: string, name: string, about: string): Recipient {
  return { id, name, kind, about, direct: true, community: true };
}

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
