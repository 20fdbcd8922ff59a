import type { InfiniteData } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import type { Blast } from "../api/types.ts";
import type { LiveContext } from "./context.ts";

/** How far a blast has come. */
export type BlastProgress = Pick<
  Blast,
  "id" | "state" | "total" | "sent" | "skipped" | "pending" | "read" | "replied" | "seconds_left" | "version"
>;

type List = InfiniteData<{ items: Blast[] | null }, unknown>;

/** Numbers count on the server's word; what one may do with it now, and where it stands, is asked for. */
export function changeBlast(ctx: LiveContext, now: BlastProgress): void {
  const before = ctx.cache.getQueryData<Blast>(keys.blast(now.id));
  if (before && before.version > now.version) return;
  ctx.cache.setQueryData<Blast>(keys.blast(now.id), (b) => b && { ...b, ...now });
  let known = false;
  let moved = before !== undefined && (before.state !== now.state || before.version !== now.version);
  for (const [key, list] of ctx.cache.getQueriesData<List>({ queryKey: keys.blastLists })) {
    const found = list?.pages.flatMap((p) => p.items ?? []).find((b) => b.id === now.id);
    if (!list || !found) continue;
    known = true;
    moved ||= found.state !== now.state;
    ctx.cache.setQueryData<List>(key, withProgress(list, now));
  }
  if (moved) ctx.refresh(keys.blast(now.id));
  if (moved || !known) ctx.refresh(keys.blastLists);
  ctx.refresh(keys.blastRecipients(now.id));
}

function withProgress(list: List, now: BlastProgress): List {
  const change = (b: Blast) => (b.id === now.id && b.version <= now.version ? { ...b, ...now } : b);
  return { ...list, pages: list.pages.map((p) => ({ ...p, items: (p.items ?? []).map(change) })) };
}
