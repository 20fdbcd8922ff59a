import { many, type Recipient } from "./recipients.ts";
import type { Client, ClientsFilter, Recipients } from "./types.ts";

/** Whom a blast is for: one by one or many at once, and who of those is taken out again. */
export interface Choice {
  picked: readonly Recipient[];
  without: readonly Recipient[];
}

export const noChoice: Choice = { picked: [], without: [] };

/** All active clients under one name: one's own, or the practice's where one may see them. */
export function everyone(mayAll: boolean): Recipient[] {
  const own = many("all", "my_active", "All my active clients", "Everyone on whose care team you are");
  if (!mayAll) return [own];
  return [
    own,
    many("all", "organization_active", "All active clients in the organization", "Every active client"),
  ];
}

export function asked({ picked, without }: Choice): Recipients {
  const of = (kind: Recipient["kind"]) => picked.filter((r) => r.kind === kind);
  const clients = [...of("client").map((r) => r.id), ...of("list").flatMap((r) => r.ids ?? [])];
  const groups = of("group").map((r) => r.id);
  const all = of("all").map((r) => r.id);
  const filter = of("filter")[0]?.filter;
  return {
    ...(clients.length > 0 && { client_ids: clients }),
    ...(groups.length > 0 && { group_ids: groups }),
    ...(all.length > 0 && {
      all: all.includes("organization_active") ? ("organization_active" as const) : ("my_active" as const),
    }),
    ...(filter && { filter }),
    ...(without.length > 0 && { exclude_ids: without.map((r) => r.id) }),
  };
}

/** Whether it asks for anybody at all. */
export function isEmpty(r: Recipients): boolean {
  return !r.client_ids?.length && !r.group_ids?.length && !r.all && !r.filter;
}

/** Whether a client is among many who are picked at once, as far as it can be told from here. */
export function within(picked: readonly Recipient[], p: Recipient, meId: string): boolean {
  const c = p.client;
  return (
    p.kind === "client" &&
    picked.some((r) => {
      if (r.kind === "list") return r.ids?.includes(p.id) ?? false;
      if (!c) return false;
      if (r.kind === "group") return c.group_id === r.id;
      if (r.kind === "all") return r.id === "organization_active" || (c.care_team_ids ?? []).includes(meId);
      return r.kind === "filter" && fits(c, r.filter ?? {});
    })
  );
}

function fits(c: Client, f: ClientsFilter): boolean {
  const access = (want: "on" | "off" | undefined, on: boolean) => !want || (want === "on") === on;
  const seen = c.last_seen_at ?? "";
  return (
    (!f.group_id || c.group_id === f.group_id) &&
    (!f.provider_id || (c.care_team_ids ?? []).includes(f.provider_id)) &&
    access(f.direct, c.chat_access.direct) &&
    access(f.community, c.chat_access.community) &&
    (!f.seen_after || (seen !== "" && seen >= f.seen_after)) &&
    (!f.seen_before || seen === "" || seen < f.seen_before)
  );
}

/** Another pick; who was taken out stays out while somebody else would bring them in. */
export function repick({ without }: Choice, picked: readonly Recipient[], meId: string): Choice {
  const onlyOne = picked.filter(
    (r, i) => r.kind !== "filter" || i === picked.findLastIndex((x) => x.kind === "filter"),
  );
  const alone = new Set(picked.map((r) => r.id));
  return {
    picked: onlyOne,
    without: without.filter((w) => !alone.has(w.id) && within(onlyOne, w, meId)),
  };
}

export function leaveOut(choice: Choice, p: Recipient): Choice {
  return { ...choice, without: [...choice.without.filter((w) => w.id !== p.id), p] };
}

export function putBack(choice: Choice, id: string): Choice {
  return { ...choice, without: choice.without.filter((w) => w.id !== id) };
}
