import type { Kind } from "../../../api/clientNotifications.ts";
import type { Channel } from "../../../api/preferences.ts";
import type { Setting } from "../../../api/types.ts";
import { count, listed } from "../../../lib/text.ts";
import type { Place } from "../../../ui/Source.tsx";
import { keepsOwn, ownDecides } from "../bulk.ts";
import { onOff, settingWord } from "../words.ts";
import { type Cell, cells, type Cells } from "./cells.ts";
import type { ClientForm } from "./forms.ts";

export const kindWords: Record<Kind, string> = { direct: "Direct messages", community: "Community chats" };

export const channelWords: Record<Channel, string> = { email: "Email", push: "Push", in_app: "In the app" };

const ways: Record<Channel, string> = { email: "by email", push: "by push", in_app: "in the app" };

/** "Direct messages by email" */
export function cellWords(cell: Cell): string {
  const [kind, channel] = cell.split(".") as [Kind, Channel];
  return `${kindWords[kind]} ${ways[channel]}`;
}

/** Where the value of a cell comes from, after "on, " or "off, ". */
function fromWords(place: Place, who: string, group: string | null): string {
  if (place === "client") return `set for ${who}`;
  if (place === "group") return `from group ${group ?? ""}`.trim();
  return "default when added";
}

/** A cell's value and source: "On, from group Concierge". */
export function valueWords(form: ClientForm, cell: Cell, who: string): string {
  const { on, place } = decided(form, cell);
  return `${onOff(on)}, ${fromWords(place, who, form.group?.name ?? null)}`;
}

/** The first place that is set decides: the client's own, the group's, the default. */
export function decided(form: ClientForm, cell: Cell): { on: boolean; place: Place } {
  const own = form[cell];
  const group = form.groupCells?.[cell] ?? "unset";
  if (own !== "unset") return { on: own === "on", place: "client" };
  if (group !== "unset") return { on: group === "on", place: "group" };
  return { on: form.defaults[cell] === "on", place: "default" };
}

/** What somebody else changed meanwhile, a line for each cell; of many, how many. */
export function changedLines<T extends Cells<Setting>>(before: T | null, after: T): string[] {
  if (!before) return [];
  const lines = cells
    .filter((c) => before[c] !== after[c])
    .map((c) => `${cellWords(c)}: ${settingWord(after[c]).toLowerCase()} now.`);
  return lines.length > 3 ? [...lines.slice(0, 3), `And ${count(lines.length - 3, "more", "more")}.`] : lines;
}

/** "direct messages by email off and community chats by push on", at most three of them. */
export function setWords(set: readonly (readonly [Cell, Setting])[]): string {
  const words = set.map(([cell, value]) => {
    const name = cellWords(cell);
    return `${name.charAt(0).toLowerCase()}${name.slice(1)} ${settingWord(value).toLowerCase()}`;
  });
  return listed(words.length > 3 ? [...words.slice(0, 2), `${words.length - 2} more`] : words);
}

/** What a change of many would do, the numbers elsewhere. */
export function bulkWords(
  place: "own" | "default",
  p: { changed: number; keeps_own: number; unchanged: number },
) {
  const one = (n: number, single: string, many: string) => (n === 1 ? single : many);
  const who = one(p.changed, "client", "clients");
  return {
    changed: `${who} will get these notification settings`,
    changedMore: place === "own" ? "As their own." : "Their default when added becomes what new clients get.",
    keeps: place === "own" ? keepsOwn(p.keeps_own) : ownDecides(p.keeps_own),
    unchanged: one(p.unchanged, "is set so already", "are set so already"),
    confirm: `${place === "own" ? "Change for" : "Apply to"} ${count(p.changed, "client")}`,
  };
}

export function doneWords(changed: number): string {
  return `Notifications changed for ${count(changed, "client")}.`;
}
