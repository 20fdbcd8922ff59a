import type { Found } from "../../api/types.ts";

export interface Group {
  conversation: Found["conversation"];
  hits: Found[];
}

/** Results by conversation, the one with the newest hit first. */
export function grouped(found: readonly Found[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of found) {
    const group = groups.get(one.conversation.id);
    if (group) group.hits.push(one);
    else groups.set(one.conversation.id, { conversation: one.conversation, hits: [one] });
  }
  return [...groups.values()];
}
