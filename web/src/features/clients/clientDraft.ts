import type { Client } from "../../api/types.ts";
import type { ClientChange } from "./queries.ts";

/** A client as the form holds it: "" where the server has null. */
export interface ClientDraft {
  name: string;
  alias: string;
  email: string;
  group: string;
  provider: string;
  team: string[];
}

export function draftOf(c: Client): ClientDraft {
  return {
    name: c.name,
    alias: c.alias ?? "",
    email: c.email ?? "",
    group: c.group_id ?? "",
    provider: c.primary_provider_id,
    team: [...(c.care_team_ids ?? [])],
  };
}

/** Only what differs from the client, so that nobody else's change is overwritten. */
export function changesOf(c: Client, draft: ClientDraft): ClientChange {
  const before = draftOf(c);
  const changes: ClientChange = {};
  if (draft.name.trim() !== before.name) changes.name = draft.name.trim();
  if (draft.alias.trim() !== before.alias) changes.alias = draft.alias.trim() || null;
  if (draft.email.trim() !== before.email) changes.email = draft.email.trim() || null;
  if (draft.group !== before.group) changes.group_id = draft.group || null;
  if (draft.provider !== before.provider) changes.primary_provider_id = draft.provider;
  if (!sameSet(draft.team, before.team)) changes.care_team_ids = draft.team;
  return changes;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((x) => b.includes(x));
}
