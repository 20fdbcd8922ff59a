import type { AccessFilter } from "../../api/types.ts";
import { setParams, useParam } from "../../lib/router.tsx";

/** What the chips above the table stand for. */
export const shows = [
  { id: "all", label: "All clients", count: "all" },
  { id: "direct_off", label: "Direct Messaging off", count: "direct_off" },
  { id: "community_off", label: "Community Chat off", count: "community_off" },
  { id: "own", label: "Own setting", count: "own" },
  { id: "ending", label: "Ending this week", count: "ending" },
] as const;

export type Show = (typeof shows)[number]["id"];

export interface Filter {
  show: Show;
  q: string;
  group: string;
  provider: string;
  source: "" | "client" | "group" | "default";
  state: "active" | "archived";
}

const sources = ["client", "group", "default"] as const;

/** The filter is in the address, so that it can be linked. */
export function useFilter(): Filter {
  const show = useParam("show");
  const source = useParam("source");
  return {
    show: shows.find((s) => s.id === show)?.id ?? "all",
    q: useParam("q"),
    group: useParam("group"),
    provider: useParam("provider"),
    source: sources.find((s) => s === source) ?? "",
    state: useParam("state") === "archived" ? "archived" : "active",
  };
}

export const setFilter = setParams;

/** What narrows the list, as the server asks for it. */
export function listQuery(f: Filter) {
  const source = f.show === "own" ? ("client" as const) : f.source;
  return {
    ...(f.q && { q: f.q }),
    ...(f.group && { group_id: f.group }),
    ...(f.provider && { provider_id: f.provider }),
    ...(f.show === "direct_off" && { direct: "off" as const }),
    ...(f.show === "community_off" && { community: "off" as const }),
    ...(source && { source }),
    ...(f.show === "ending" && { ending: true }),
    ...(f.state === "archived" && { state: f.state }),
  };
}

/** Everyone who fits, for a change of all of them. */
export function matchAll(f: Filter): AccessFilter {
  const narrowed: AccessFilter = listQuery(f);
  return Object.keys(narrowed).length === 0 ? { all: true } : narrowed;
}

/** The address of the file with everyone who fits. */
export function exportHref(f: Filter): string {
  const params = new URLSearchParams(Object.entries(listQuery(f)).map(([k, v]) => [k, String(v)]));
  return `/api/v1/chat-access/export?${params.toString()}`;
}
