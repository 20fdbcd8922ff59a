import type { BlastPreview } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import type { Plan } from "./recipients.ts";

type Reach = Pick<BlastPreview, "chosen" | "reachable" | "unavailable_count"> | undefined;

/** What the button of the dialog does. */
export function startWord(what: Plan, client: boolean, reach: Reach): string {
  if (client) return "Write";
  if (what.kind === "blast") {
    if (!reach) return "Looking…";
    return reach.reachable === 0
      ? "Nobody to write to"
      : `Write to ${count(reach.reachable, "person", "people")}`;
  }
  if (what.kind === "community")
    return what.groups.length > 0
      ? "Start the chat"
      : `Start with ${count(what.reaches.length, "person", "people")}`;
  return what.kind === "internal" ? "Start conversation" : "Open conversation";
}

/** Beside it: how many are chosen, and how many of them are passed over. */
export function footing(what: Plan, chosen: number, leftOut: number, reach: Reach): string {
  if (what.kind === "blast") return reach ? chosenWords(reach) : "Counting…";
  const kind = { direct: "Direct message", community: "Community Chat", internal: "Internal, staff only" }[
    what.kind
  ];
  const left = what.kind === "community" && leftOut > 0 ? `, ${leftOut} left out` : "";
  return `${kind} · ${chosen} chosen${left}`;
}

/** "43 chosen, 4 skipped" */
export function chosenWords({ chosen, unavailable_count: skipped }: NonNullable<Reach>): string {
  const n = (x: number) => x.toLocaleString("en-US");
  return `${n(chosen)} chosen${skipped > 0 ? `, ${n(skipped)} skipped` : ""}`;
}
