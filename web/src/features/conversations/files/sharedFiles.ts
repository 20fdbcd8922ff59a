import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client.ts";
import { keys } from "../../../api/keys.ts";
import type { SharedFile } from "../../../api/types.ts";
import { callName } from "../../../lib/text.ts";
import { listTime } from "../../../lib/time.ts";

/** How many stand in the details. */
export const few = 3;
const page = 40;

function shared(id: string, limit: number, signal: AbortSignal, cursor?: string) {
  return ask(
    api.GET("/api/v1/conversations/{id}/attachments", {
      signal,
      params: { path: { id }, query: { limit, ...(cursor && { cursor }) } },
    }),
  );
}

/** The newest files of a conversation, and how many there are. */
export function useNewestFiles(id: string) {
  return useQuery({
    queryKey: [...keys.files(id), "few"],
    queryFn: ({ signal }) => shared(id, few, signal),
  });
}

/** All of them, a page at a time. */
export function useSharedFiles(id: string) {
  return useInfiniteQuery({
    queryKey: [...keys.files(id), "all"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => shared(id, page, signal, pageParam),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** "You · Yesterday", "Dr. Brandt · Oct 28" */
export function sharedBy(f: Pick<SharedFile, "author" | "created_at">, meId: string): string {
  const who = f.author.id === meId ? "You" : callName(f.author.name);
  return `${who} · ${listTime(f.created_at)}`;
}
