import type { FieldProblem } from "../../api/client.ts";
import { ApiError } from "../../api/client.ts";
import {
  type Channel,
  channels,
  type Day,
  type Digest,
  type NotificationKind,
  notificationKinds,
  type Preferences,
  type SoundName,
} from "../../api/preferences.ts";
import type { MyNotificationsEdit } from "../../api/types.ts";

type Cell = `${NotificationKind}.${Channel}`;
type Cells = Partial<Record<Cell, boolean>>;

/** Preferences with every cell on its own, so that each counts as one change and none overwrites another. */
export interface Form extends Cells {
  version: number;
  mentions_community: boolean;
  mentions_team?: boolean;
  quiet_on: boolean;
  quiet_from: string;
  quiet_to: string;
  quiet_days: Day[];
  /** "" for the practice's. */
  time_zone: string;
  digest: Digest;
  daily_at: string;
  sound: SoundName;
}

export const cell = (kind: NotificationKind, channel: Channel): Cell => `${kind}.${channel}`;

/** The kinds that there are for this person. */
export function kindsOf(p: Preferences): NotificationKind[] {
  return notificationKinds.filter((kind) => p.kinds[kind]);
}

export function toForm(p: Preferences): Form {
  const { version, digest, daily_at, sound, mentions_only, quiet } = p;
  const cells: Cells = {};
  for (const kind of notificationKinds)
    for (const channel of channels) {
      const flags = p.kinds[kind];
      if (flags) cells[cell(kind, channel)] = flags[channel];
    }
  return {
    ...{ version, digest, daily_at, sound },
    ...cells,
    time_zone: p.own_time_zone ? p.time_zone : "",
    mentions_community: mentions_only.community,
    ...(mentions_only.team !== undefined && { mentions_team: mentions_only.team }),
    quiet_on: quiet.on,
    quiet_from: quiet.from,
    quiet_to: quiet.to,
    quiet_days: week.filter((d) => quiet.days.includes(d)),
  };
}

/** What is sent for some edits of a form; what was not edited is left out, quiet hours go as a whole. */
export function toEdit(edits: Partial<Form> & { version: number }, before: Form): MyNotificationsEdit {
  const { version, digest, daily_at, sound, time_zone, mentions_community, mentions_team } = edits;
  const kinds = notificationKinds
    .map((kind) => [kind, flagsOf(kind, edits)] as const)
    .filter(([, flags]) => Object.keys(flags).length > 0);
  const q = { ...before, ...edits };
  const mentions = given({ community: mentions_community, team: mentions_team });
  return {
    version,
    ...given({ digest, daily_at, sound }),
    ...(time_zone !== undefined && { time_zone: time_zone || null }),
    ...(kinds.length > 0 && { kinds: Object.fromEntries(kinds) }),
    ...(Object.keys(mentions).length > 0 && { mentions_only: mentions }),
    ...(Object.keys(edits).some((key) => key.startsWith("quiet_")) && {
      quiet: { on: q.quiet_on, from: q.quiet_from, to: q.quiet_to, days: q.quiet_days },
    }),
  };
}

function flagsOf(kind: NotificationKind, edits: Cells): Partial<Record<Channel, boolean>> {
  return given(Object.fromEntries(channels.map((c) => [c, edits[cell(kind, c)]])));
}

/** An object without what is undefined. */
function given<T extends object>(all: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;
}

export const week: readonly Day[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Why quiet hours could not be stored as they are, or "". */
export function quietProblem(f: Form): string {
  if (!f.quiet_on) return "";
  if (f.quiet_from === "" || f.quiet_to === "") return "Choose both times.";
  if (f.quiet_from === f.quiet_to) return "The two times must differ.";
  if (f.quiet_days.length === 0) return "Choose at least one day.";
  return "";
}

export function invalid(f: Form): boolean {
  return quietProblem(f) !== "" || (f.digest === "daily" && f.daily_at === "");
}

/** A conflict tells what is so now: as a form, for the form that lost. */
export function asFormError(error: unknown): unknown {
  if (!(error instanceof ApiError) || !error.current) return error;
  const { status, code, detail, fields, retryAfter, current } = error;
  return new ApiError(
    status,
    code,
    detail,
    fields as FieldProblem[],
    retryAfter,
    toForm(current as Preferences),
  );
}
