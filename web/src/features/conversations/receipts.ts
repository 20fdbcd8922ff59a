import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Conversation } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { reads } from "../../live/presence.ts";
import type { Thread } from "../../live/thread.ts";
import type { Receipts } from "./rows.ts";

/** How often the number of a community's readers is asked for while one looks at it. */
const often = 20_000;

/** How far the others have read: as the server said when asked, and as heard since. */
export function useReceipts(c: Conversation, meId: string, held: Thread): Receipts {
  const heard = useStore(reads, (all) => all[c.id]);
  const readBy = useReadBy(c, meId, held);
  return useMemo(() => {
    const me = c.members.find((m) => m.user_id === meId);
    const side = me?.kind ?? "staff";
    const relevant = c.members.filter((m) =>
      c.kind === "direct" ? m.kind !== side : c.kind === "internal" && m.user_id !== meId,
    );
    const readSeqs = relevant.map((m) => Math.max(m.read_seq ?? 0, heard?.[m.user_id] ?? 0));
    return { kind: c.kind, readSeqs, readBy };
  }, [c.members, c.kind, meId, heard, readBy]);
}

/** How many of a community have read one's own last message, if it is among the newest. */
function useReadBy(c: Conversation, meId: string, held: Thread): number | null {
  const own = held.hasNewer
    ? undefined
    : held.items.findLast((m) => m.author.id === meId && m.kind !== "system");
  const seq = c.kind === "community" ? (own?.seq ?? 0) : 0;
  const { data } = useQuery({
    queryKey: keys.readBy(c.id, seq),
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/v1/conversations/{id}/read-by", {
          signal,
          params: { path: { id: c.id }, query: { seq } },
        }),
      ),
    enabled: seq > 0,
    refetchInterval: often,
  });
  return data?.read ?? null;
}
