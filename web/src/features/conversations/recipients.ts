import type { Client, Group, Staff } from "../../api/types.ts";
import { count } from "../../lib/text.ts";

/** Someone who can be picked for a conversation, or is shown as unavailable. */
export interface Recipient {
  id: string;
  name: string;
  kind: "client" | "staff" | "group";
  /** Second line. */
  about: string;
  /** Direct Messaging is on. */
  direct: boolean;
  /** Community Chat is on. */
  community: boolean;
  /** How many clients are in a group. */
  size?: number;
}

export function clientRecipient(c: Client): Recipient {
  return {
    id: c.id,
    name: c.name,
    kind: "client",
    about: c.group_name ? `Client · ${c.group_name}` : "Client",
    direct: c.chat_access.direct,
    community: c.chat_access.community,
  };
}

export function staffRecipient(s: Staff): Recipient {
  const role = s.role ? s.role.charAt(0).toUpperCase() + s.role.slice(1) : "Staff";
  return { id: s.id, name: s.name, kind: "staff", about: s.title || role, direct: true, community: true };
}

/** A group stands for its clients; it always makes a community chat. */
export function groupRecipient(g: Group): Recipient {
  const about = count(g.client_count, "client");
  return {
    id: g.id,
    name: g.name,
    kind: "group",
    about,
    direct: true,
    community: true,
    size: g.client_count,
  };
}

/** What a choice of people makes, and what stands in its way. */
export interface Plan {
  kind: "direct" | "community" | "internal";
  /** Members to ask for; groups are asked for by themselves. */
  reaches: readonly Recipient[];
  groups: readonly Recipient[];
  /** Chosen, but not reachable; named before anything is made. */
  leftOut: readonly Recipient[];
  /** Why it can not be started yet; "" when it can. */
  obstacle: string;
}

/** The kind follows from the people, as the server decides it. */
export function plan(chosen: readonly Recipient[], mayCommunity: boolean, subject: string): Plan {
  const clients = chosen.filter((r) => r.kind === "client");
  const groups = chosen.filter((r) => r.kind === "group");
  if (clients.length === 0 && groups.length === 0) {
    return {
      kind: "internal",
      reaches: chosen,
      groups,
      leftOut: [],
      obstacle: chosen.length === 0 ? "Choose someone." : "",
    };
  }
  if (clients.length === 1 && groups.length === 0) {
    const off = clients.filter((r) => !r.direct);
    const obstacle = off[0] ? `Chat is unavailable for ${off[0].name}.` : "";
    return { kind: "direct", reaches: chosen, groups, leftOut: off, obstacle };
  }
  const leftOut = clients.filter((r) => !r.community);
  const reaches = chosen.filter((r) => !leftOut.includes(r) && r.kind !== "group");
  const reachable = groups.length > 0 || reaches.some((r) => r.kind === "client");
  return {
    kind: "community",
    reaches,
    groups,
    leftOut,
    obstacle: communityObstacle(mayCommunity, reachable, subject),
  };
}

function communityObstacle(may: boolean, reachable: boolean, subject: string): string {
  if (!may) return "Several clients together make a community chat, which needs a permission you don’t have.";
  if (!reachable) return "Nobody of these can take part in a community chat now.";
  return subject.trim() === "" ? "Give the community chat a name." : "";
}

/** The skip notice in the design's words: one, few, many. There may be more than are named. */
export function leftOutWords(leftOut: readonly { name: string }[], of: number, all = leftOut.length): string {
  const [first] = leftOut;
  if (!first) return "";
  if (all === 1) return `Community Chat is unavailable for ${first.name}. They won’t be added.`;
  if (all <= 5) {
    const others = all - 1;
    return `Community Chat is unavailable for ${first.name} and ${others} ${others === 1 ? "other" : "others"}. They won’t be added.`;
  }
  return `Community Chat is unavailable for ${all} of ${of} clients. They won’t be added.`;
}
