import type { Choice } from "../../api/choice.ts";
import type { Recipient } from "../../api/recipients.ts";
import { listed } from "../../lib/text.ts";

/** What a choice of people makes, and what stands in its way. */
export interface Plan {
  kind: "direct" | "community" | "internal" | "blast";
  /** Members to ask for; groups are asked for by themselves. */
  reaches: readonly Recipient[];
  groups: readonly Recipient[];
  /** Chosen, but not reachable; named before anything is made. */
  leftOut: readonly Recipient[];
  /** Why it can not be started yet; "" when it can. */
  obstacle: string;
}

/** What one may make of several clients, and which of it one wants. */
export interface Ways {
  mayCommunity: boolean;
  mayBlast: boolean;
  wanted: "blast" | "community";
}

/** Whether several clients are meant: then there is a choice of ways. */
export function isMany({ picked }: Choice): boolean {
  return picked.filter((r) => r.kind === "client").length > 1 || picked.some(isSet);
}

function isSet(r: Recipient): boolean {
  return r.kind !== "client" && r.kind !== "staff";
}

/** How several clients are written to, as far as one may. */
export function wayOf({ mayBlast, mayCommunity, wanted }: Ways): "blast" | "community" {
  if (mayBlast && mayCommunity) return wanted;
  return mayBlast ? "blast" : "community";
}

/** The kind follows from the people, as the server decides it; of several clients one chooses. */
export function plan(choice: Choice, ways: Ways, subject: string): Plan {
  const chosen = choice.picked;
  const clients = chosen.filter((r) => r.kind === "client");
  const groups = chosen.filter((r) => r.kind === "group");
  if (isMany(choice)) {
    if (wayOf(ways) === "blast") return { kind: "blast", reaches: chosen, groups, leftOut: [], obstacle: "" };
    return community(choice, ways, subject);
  }
  const [client] = clients;
  if (!client) {
    const obstacle = chosen.length === 0 ? "Choose someone." : "";
    return { kind: "internal", reaches: chosen, groups, leftOut: [], obstacle };
  }
  const obstacle = client.direct ? "" : `Chat is unavailable for ${client.name}.`;
  return { kind: "direct", reaches: chosen, groups, leftOut: client.direct ? [] : [client], obstacle };
}

function community(choice: Choice, ways: Ways, subject: string): Plan {
  const chosen = choice.picked;
  const groups = chosen.filter((r) => r.kind === "group");
  const leftOut = chosen.filter((r) => r.kind === "client" && !r.community);
  const reaches = chosen.filter((r) => !leftOut.includes(r) && !isSet(r));
  const reachable = groups.length > 0 || reaches.some((r) => r.kind === "client");
  const obstacle = !ways.mayCommunity
    ? "Several clients together make a community chat, which needs a permission you don’t have."
    : (tooMany(choice) ?? (reachable ? unnamed(subject) : nobody));
  return { kind: "community", reaches, groups, leftOut, obstacle };
}

const nobody = "Nobody of these can take part in a community chat now.";

function unnamed(subject: string): string {
  return subject.trim() === "" ? "Give the community chat a name." : "";
}

/** Everyone at once, or a group without some of its people, is only for blasts. */
export function tooMany({ picked, without }: Choice): string | null {
  const all = picked.find((r) => isSet(r) && r.kind !== "group");
  if (all) return `A community chat is made of groups and single people. Remove “${all.name}”.`;
  if (without.length === 0) return null;
  return `A community chat takes whole groups. Put ${listed(without.map((w) => w.name))} back, or choose people one by one.`;
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
