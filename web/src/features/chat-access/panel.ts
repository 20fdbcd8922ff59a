import { type SwitchName, switchNames } from "../../api/access.ts";
import type { ClientAccess, Setting, SwitchAccess } from "../../api/types.ts";
import type { Place } from "../../ui/Source.tsx";
import { dayOf, endOfDay, isPast } from "./until.ts";

/** What can be edited about one switch of a client. */
export interface Edit {
  own: Setting;
  reason: string;
  /** yyyy-mm-dd, or "" for no end. */
  until: string;
}

/** What someone else changed meanwhile. */
export interface Conflict {
  by: string;
  /** The state on which the edits were made. */
  before: ClientAccess;
  after: ClientAccess;
}

/** The panel: what the server holds, what is not saved, and what came in between. */
export interface Panel {
  base: ClientAccess;
  edits: Readonly<Partial<Record<SwitchName, Edit>>>;
  conflict: Conflict | null;
}

export function open(base: ClientAccess): Panel {
  return { base, edits: {}, conflict: null };
}

/** A switch as it is stored; reason and end belong to an own value only. */
export function stored(s: SwitchAccess): Edit {
  if (s.own === "unset") return { own: "unset", reason: "", until: "" };
  return { own: s.own, reason: s.reason ?? "", until: dayOf(s.until) };
}

export function current(panel: Panel, name: SwitchName): Edit {
  return panel.edits[name] ?? stored(panel.base[name]);
}

function same(a: Edit, b: Edit): boolean {
  return a.own === b.own && a.reason.trim() === b.reason.trim() && a.until === b.until;
}

/** Takes an edit over; one that says what is stored anyway is none. */
export function edit(panel: Panel, name: SwitchName, next: Edit): Panel {
  const edits = { ...panel.edits, [name]: next };
  return { ...panel, edits: kept(edits, panel.base) };
}

function kept(edits: Panel["edits"], base: ClientAccess): Panel["edits"] {
  return Object.fromEntries(switchNames.flatMap((n) => (differs(edits[n], base[n]) ? [[n, edits[n]]] : [])));
}

function differs(e: Edit | undefined, s: SwitchAccess): boolean {
  return e !== undefined && !same(e, stored(s));
}

/** The first place that is set decides: the client's own, the group's, the default. */
export function decide(s: SwitchAccess, own: Setting): { on: boolean; place: Place } {
  if (own !== "unset") return { on: own === "on", place: "client" };
  if (s.group !== "unset") return { on: s.group === "on", place: "group" };
  return { on: s.default === "on", place: "default" };
}

/** Turning the switch: back to what is stored where that says the same, else an own value. */
export function turn(panel: Panel, name: SwitchName, on: boolean): Panel {
  const s = panel.base[name];
  const before = stored(s);
  const next = decide(s, before.own).on === on ? before : { own: word(on), reason: "", until: "" };
  return edit(panel, name, next);
}

/** Removes the own value, so that the next place decides. */
export function follow(panel: Panel, name: SwitchName): Panel {
  return edit(panel, name, { own: "unset", reason: "", until: "" });
}

function word(on: boolean): Setting {
  return on ? "on" : "off";
}

export function discard(panel: Panel): Panel {
  return open(panel.base);
}

/**
 * A newer state came, live or with a refusal. The edits stay; where somebody
 * changed this very client meanwhile, that is told before anything is saved.
 */
export function arrive(panel: Panel, latest: ClientAccess): Panel {
  if (latest.version < panel.base.version) return panel;
  const edits = kept(panel.edits, latest);
  const dirty = Object.keys(edits).length > 0;
  const conflict = !dirty
    ? null
    : latest.version === panel.base.version
      ? panel.conflict
      : {
          by: changer(panel.base, latest),
          before: panel.conflict?.before ?? panel.base,
          after: latest,
        };
  return { base: latest, edits, conflict };
}

/** Who made the newest change that the older state does not know. */
function changer(before: ClientAccess, after: ClientAccess): string {
  const news = switchNames
    .map((n) => after[n])
    .filter((s, i) => {
      const name = switchNames[i];
      return s.changed_by && name && s.changed_at !== before[name].changed_at;
    })
    .sort((a, b) => (b.changed_at ?? "").localeCompare(a.changed_at ?? ""));
  return news[0]?.changed_by?.name ?? "Someone";
}

/** How many things are not saved. */
export function changes(panel: Panel): number {
  return switchNames.reduce((sum, n) => sum + changesOf(panel.edits[n], panel.base[n]), 0);
}

function changesOf(e: Edit | undefined, s: SwitchAccess): number {
  if (!e) return 0;
  const before = stored(s);
  if (e.own !== before.own) return 1;
  return Number(e.reason.trim() !== before.reason.trim()) + Number(e.until !== before.until);
}

/** The server takes reasons up to this long. */
export const longestReason = 500;

export function invalid(panel: Panel, now: Date = new Date()): boolean {
  return switchNames.some((n) => {
    const e = panel.edits[n];
    return e !== undefined && (isPast(e.until, now) || Array.from(e.reason).length > longestReason);
  });
}

/** What a save sends: each switch that was edited, with a reason and an end of its own. */
export type Save = Partial<
  Record<SwitchName, Setting> & Record<`${SwitchName}_${"reason" | "until"}`, string | null>
>;

export function toSave(panel: Panel): Save {
  const save: Save = {};
  for (const n of switchNames) {
    const e = panel.edits[n];
    if (!e) continue;
    const own = e.own !== "unset";
    save[n] = e.own;
    save[`${n}_reason`] = own ? e.reason.trim() || null : null;
    save[`${n}_until`] = own ? endOf(e, panel.base[n]) : null;
  }
  return save;
}

/** An end that was not touched keeps its exact moment, also where it is not the end of a day. */
export function endOf(e: Edit, s: SwitchAccess): string | null {
  return e.own === s.own && e.until === dayOf(s.until) ? (s.until ?? null) : endOfDay(e.until);
}

/** One place of the ladder, top wins. */
export interface Rung {
  place: Place;
  value: Setting;
  /** Whether this place decides, and whether it does so already. */
  state: "" | "in_effect" | "once_saved";
}

export function ladder(s: SwitchAccess, own: Setting): Rung[] {
  const winner = decide(s, own).place;
  const state = own === s.own ? "in_effect" : "once_saved";
  const rung = (place: Place, value: Setting): Rung => ({
    place,
    value,
    state: place === winner ? state : "",
  });
  return [rung("client", own), rung("group", s.group), rung("default", s.default)];
}
