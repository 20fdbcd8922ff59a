import type { Community, Conversation, Group } from "../../../api/types.ts";
import { count, listed } from "../../../lib/text.ts";

/** How a community chat works, as the form holds it. */
export interface RulesDraft {
  subject: string;
  locked: boolean;
  /** "" is no limit. */
  posts: string;
  rosterHidden: boolean;
  groups: string[];
}

export function draftOf(c: Conversation): RulesDraft {
  const rules = c.community;
  return {
    subject: c.subject,
    locked: rules?.locked ?? false,
    posts: rules?.posts_per_hour ? String(rules.posts_per_hour) : "",
    rosterHidden: rules?.roster_hidden ?? false,
    groups: [...(rules?.in_step_group_ids ?? [])],
  };
}

/** What the server is asked to change: only what differs. */
export interface RulesChange {
  subject?: string;
  locked?: boolean;
  posts_per_hour?: number | null;
  roster_hidden?: boolean;
  in_step_group_ids?: string[];
}

export function changesOf(c: Conversation, draft: RulesDraft): RulesChange {
  const before = draftOf(c);
  const change: RulesChange = {};
  if (draft.subject.trim() !== before.subject) change.subject = draft.subject.trim();
  if (draft.locked !== before.locked) change.locked = draft.locked;
  if (draft.posts.trim() !== before.posts)
    change.posts_per_hour = draft.posts.trim() === "" ? null : Number(draft.posts);
  if (draft.rosterHidden !== before.rosterHidden) change.roster_hidden = draft.rosterHidden;
  if (draft.groups.toSorted().join() !== before.groups.toSorted().join())
    change.in_step_group_ids = draft.groups;
  return change;
}

/** What is wrong with a draft; "" where it can be saved. */
export function postsProblem(posts: string): string {
  const text = posts.trim();
  if (text === "") return "";
  const n = Number(text);
  return Number.isInteger(n) && n >= 1 && n <= 1000
    ? ""
    : "A whole number from 1 to 1,000, or empty for no limit.";
}

/** The rules that are not as usual, a line each, in the words of whoever reads them. */
export function rulesWords(rules: Community, groups: readonly Group[], client: boolean): string[] {
  const lines: string[] = [];
  if (rules.locked) lines.push("Only the care team posts here.");
  if (rules.posts_per_hour)
    lines.push(`${client ? "You can" : "Each client can"} post ${times(rules.posts_per_hour)} an hour.`);
  if (rules.roster_hidden)
    lines.push(client ? "Only the care team sees who else is here." : "Clients don’t see who else is here.");
  if (rules.in_step_group_ids.length > 0) lines.push(`Kept in step with ${groupNames(rules, groups)}.`);
  return lines;
}

function times(n: number): string {
  return n === 1 ? "once" : `${n.toLocaleString("en-US")} times`;
}

function groupNames(rules: Community, groups: readonly Group[]): string {
  const names = rules.in_step_group_ids.flatMap((id) => groups.find((g) => g.id === id)?.name ?? []);
  return names.length === 0 ? count(rules.in_step_group_ids.length, "group") : listed(names);
}
