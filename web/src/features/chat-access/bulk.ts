import type { SwitchName } from "../../api/access.ts";
import type { AccessFilter, AccessPreview, Setting } from "../../api/types.ts";
import { count, listed } from "../../lib/text.ts";
import { switchWords } from "./words.ts";

/** A change of many clients: what, for whom, at which place. */
export interface Bulk {
  filter: AccessFilter;
  place: "own" | "default";
  direct?: Setting;
  community?: Setting;
  /** Whom it is about, for the title: "Postpartum Nutrition", "41 clients"; null: the preview counts them. */
  about: string | null;
}

/** What a preview counted; before it came, nobody is counted. */
type Counted = Pick<AccessPreview, "changed" | "keeps_own" | "unchanged"> & { matched?: number };

function whom(b: Bulk, p: Counted): string {
  return b.about ?? (p.matched === undefined ? "all that match" : count(p.matched, "client"));
}

/** What the change does in words. */
export interface BulkWords {
  title: string;
  changed: string;
  changedMore: string;
  keeps: string;
  unchanged: string;
  confirm: string;
  done: string;
}

const word = (n: number) => (n === 1 ? "client" : "clients");

/** Of those who have an own setting that is spared. */
export function keepsOwn(n: number): string {
  return n === 1 ? "has an own setting and keeps it" : "have their own setting and keep it";
}

/** Of those whose own setting stands before what changes. */
export function ownDecides(n: number): string {
  return n === 1 ? "has an own setting, which still decides" : "have their own setting, which still decides";
}

/** Of those whose group stands before a default. */
export function groupDecides(n: number): string {
  return n === 1 ? "follows a group, which still decides" : "follow a group, which still decides";
}

function named(b: Bulk): SwitchName[] {
  return (["direct", "community"] as const).filter((n) => b[n] !== undefined);
}

function both(names: readonly SwitchName[]): string {
  return listed(names.map((n) => switchWords[n]));
}

/** The verbs of the four things that can be done to many at once. */
export function bulkWords(b: Bulk, p: Counted): BulkWords {
  if (b.place === "default") return defaultWords(b, p);
  const names = named(b);
  const values = [...new Set(names.map((n) => b[n]))];
  const what = both(names);
  const n = p.changed;
  if (values.length === 1 && values[0] === "unset") return unsetWords(b, what, p);
  const on = values[0] === "on";
  const verb = on ? "Turn on" : "Turn off";
  return {
    title: `${verb} ${what} for ${whom(b, p)}?`,
    changed: `${word(n)} will ${on ? "have" : "lose"} ${what}`,
    changedMore: on
      ? "They can read and write again as soon as you confirm."
      : "They keep the Chat tab and everything they can read today. A notice replaces the message box.",
    keeps: keepsOwn(p.keeps_own),
    unchanged: `${p.unchanged === 1 ? "is" : "are"} already ${on ? "on" : "off"}`,
    confirm: `${verb} for ${count(n, "client")}`,
    done: `${what} turned ${on ? "on" : "off"} for ${count(n, "client")}.${kept(p.keeps_own)}`,
  };
}

function kept(n: number): string {
  return n > 0 ? ` ${n.toLocaleString("en-US")} kept their own setting.` : "";
}

function unsetWords(b: Bulk, what: string, p: Counted): BulkWords {
  const n = p.changed;
  return {
    title: `Remove own settings of ${whom(b, p)}?`,
    changed: `${word(n)} will follow the group or the default`,
    changedMore: `Their own setting for ${what} is removed.`,
    keeps: keepsOwn(p.keeps_own),
    unchanged: `${p.unchanged === 1 ? "has" : "have"} no own setting`,
    confirm: `Remove for ${count(n, "client")}`,
    done: `Own settings removed for ${count(n, "client")}.`,
  };
}

function defaultWords(b: Bulk, p: Counted): BulkWords {
  const now = named(b).map((n) => `${switchWords[n]} ${b[n]}`);
  return {
    title: "Apply the defaults to existing clients?",
    changed: `${word(p.changed)} will have ${listed(now)}`,
    changedMore: "Their default when added becomes what new clients get.",
    keeps: ownDecides(p.keeps_own),
    unchanged: `${p.unchanged === 1 ? "has" : "have"} these values already`,
    confirm: `Apply to ${count(p.changed, "client")}`,
    done: `Defaults applied to ${count(p.changed, "client")}.${kept(p.keeps_own)}`,
  };
}

type Outcome = AccessPreview["sample"][number]["outcome"];

/** Names of one outcome, with how many more there are. */
export function sampleWords(p: Pick<AccessPreview, "sample">, outcome: Outcome, total: number): string {
  const names = (p.sample ?? []).filter((s) => s.outcome === outcome).map((s) => s.name);
  return namesOf(names, total);
}

/** Some names of so many, with how many more there are. */
function namesOf(names: readonly string[], total: number): string {
  const more = total - names.length;
  if (names.length === 0) return "";
  return more > 0 ? `${names.join(", ")} and ${more.toLocaleString("en-US")} more` : listed(names);
}

/** What came of an undo, naming who was changed since; `all` are so many, some of whom are named. */
export function undoWords(
  restored: number,
  left: readonly { name: string }[],
  all: number = left.length,
): string {
  const back = `Taken back for ${count(restored, "client")}.`;
  if (all === 0) return back;
  const names = left.slice(0, 3).map((l) => l.name);
  const more = all - names.length;
  const who = more > 0 ? `${names.join(", ")} and ${count(more, "other")}` : listed(names);
  return `${back} Changed since and left as is: ${who}.`;
}
