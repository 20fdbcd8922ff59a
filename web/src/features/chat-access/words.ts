import { type SwitchName, switchNames } from "../../api/access.ts";
import type { AccessHistoryRow, ClientAccess, Setting, SwitchAccess } from "../../api/types.ts";
import { callName } from "../../lib/text.ts";
import { dateTime } from "../../lib/time.ts";
import { untilWords } from "./until.ts";

export const switchWords: Record<SwitchName, string> = {
  direct: "Direct Messaging",
  community: "Community Chat",
};

export const switchLabels: Record<SwitchName, string> = {
  direct: "Allow Direct Messaging",
  community: "Allow Community Chat participation",
};

export function onOff(on: boolean): "On" | "Off" {
  return on ? "On" : "Off";
}

export function settingWord(value: Setting): string {
  return value === "unset" ? "Not set" : onOff(value === "on");
}

/** Below a switch in a table: where its value comes from. */
export function sourceWords(s: SwitchAccess, groupName: string | null): string {
  if (s.source === "client")
    return s.until ? `This client, until ${untilWords(s.until)}` : "Set for this client";
  if (s.source === "group") return groupName ?? "From the group";
  return "Default when added";
}

/** One switch of one client in a sentence or two: what is so, who made it so, when, why, how long. */
export interface Answer {
  name: SwitchName;
  on: boolean;
  what: string;
  why: string;
}

/** Answers "why can’t they write?" in one look. */
export function answers(access: ClientAccess, now: Date = new Date()): Answer[] {
  return switchNames.map((name) => {
    const s = access[name];
    return { name, on: s.effective, what: what(access, name), why: why(access, name, now) };
  });
}

function what(access: ClientAccess, name: SwitchName): string {
  const who = callName(access.name);
  if (name === "direct")
    return access.direct.effective
      ? `${who} can send and receive direct messages.`
      : `${who} can’t send or receive direct messages.`;
  return access.community.effective
    ? `${who} can take part in community chats.`
    : `${who} can’t take part in community chats.`;
}

function why(access: ClientAccess, name: SwitchName, now: Date): string {
  const s = access[name];
  const state = s.effective ? "on" : "off";
  const by = s.changed_by?.name;
  const when = s.changed_at ? moment(s.changed_at, now) : "";
  const reason = s.reason ? `: “${s.reason}”` : ".";
  const until = s.until ? ` Until ${untilWords(s.until, now)}${then(access, name)}.` : "";
  if (s.source === "default") {
    const who = by ? ` ${by} set it${when}` : "";
    return who ? `The default when added is ${state}.${who}${reason}` : `The default when added is ${state}.`;
  }
  const where = s.source === "group" ? `for the group ${access.group?.name ?? ""}`.trim() : "for this client";
  const end = reason === "." || /[.!?]”$/.test(reason) ? "" : ".";
  return `${by ?? "Someone"} turned it ${state} ${where}${when}${reason}${end}${until}`;
}

/** " today, 8:24 AM", " on Nov 12, 2:41 PM" */
function moment(at: string, now: Date): string {
  const words = dateTime(at, now);
  return /^(Today|Yesterday)/.test(words)
    ? ` ${words.charAt(0).toLowerCase()}${words.slice(1)}`
    : ` on ${words}`;
}

/** What decides once an own value has run out. */
function then(access: ClientAccess, name: SwitchName): string {
  const s = access[name];
  if (s.source !== "client") return "";
  if (s.group !== "unset") return `, then follows ${access.group?.name ?? "the group"} (${s.group})`;
  return `, then follows the default (${s.default})`;
}

/** What somebody else changed, for the person whose edits wait. */
export function conflictLines(before: ClientAccess, after: ClientAccess): string[] {
  return switchNames.flatMap((name) => {
    const [a, b] = [before[name], after[name]];
    const same =
      a.own === b.own && a.effective === b.effective && a.reason === b.reason && a.until === b.until;
    if (same) return [];
    const end = b.until ? `, until ${untilWords(b.until)}` : "";
    const place =
      b.source === "client"
        ? "set for this client"
        : b.source === "group"
          ? `from ${after.group?.name ?? "the group"}`
          : "default when added";
    return [`${switchWords[name]} is ${onOff(b.effective).toLowerCase()} now, ${place}${end}.`];
  });
}

/** One line of the history. */
export interface HistoryLine {
  key: string;
  at: string;
  /** In bold, then the rest of the line. */
  strong: string;
  rest: string;
  by: string;
}

/** Rows of one act, one per switch, make one line. */
export function historyLines(rows: readonly AccessHistoryRow[], clientName: string): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as AccessHistoryRow;
    const next = rows[i + 1];
    const both = next !== undefined && sameAct(row, next);
    if (both) i++;
    lines.push(line(row, both, clientName));
  }
  return lines;
}

function sameAct(a: AccessHistoryRow, b: AccessHistoryRow): boolean {
  return (
    a.switch !== b.switch &&
    a.at === b.at &&
    a.actor.id === b.actor.id &&
    a.how === b.how &&
    a.place === b.place &&
    a.new === b.new &&
    a.reason === b.reason &&
    a.until === b.until &&
    a.group?.id === b.group?.id
  );
}

function line(row: AccessHistoryRow, both: boolean, clientName: string): HistoryLine {
  const subject = both ? "Both" : switchWords[row.switch];
  const reason = row.reason ? ` “${row.reason}”` : "";
  return {
    key: row.id,
    at: row.at,
    strong: row.new === "unset" ? `${subject} not set any more` : `${subject} ${row.new}`,
    rest: rest(row),
    by: `${act(row, clientName)}.${reason}`,
  };
}

function rest(row: AccessHistoryRow): string {
  const until = row.until ? `, until ${untilWords(row.until)}` : "";
  if (row.how === "created") return " when added";
  if (row.place === "group") return ` for ${row.group?.name ?? "the group"}${until}`;
  return row.place === "default" ? " by default" : until;
}

function act(row: AccessHistoryRow, clientName: string): string {
  const who = row.actor.name;
  const name = callName(clientName);
  const byHow: Record<AccessHistoryRow["how"], string> = {
    profile: who,
    group: `${who} changed the group. ${name} follows it`,
    settings: `${who} applied the defaults to existing clients`,
    bulk: `${who} changed several clients at once`,
    undo: `${who} took a change back`,
    import: `${who} imported a file`,
    api: `${who}, through the API`,
    schedule: `The time it was set for was over`,
    created: `Default for new clients. Added by ${who}`,
  };
  return byHow[row.how];
}
