import { useQuery } from "@tanstack/react-query";
import { uuidv7 } from "../lib/ids.ts";
import { queryClient } from "./cache.ts";
import { api, ask } from "./client.ts";
import type { components } from "./schema.gen.ts";

// Files of conversations that one has asked for. They are made in the background.

export type Export = components["schemas"]["Export"];
export type ExportFormat = Export["format"];

const exportsKey = ["exports"] as const;

export function isUnderWay({ state }: Export): boolean {
  return state === "queued" || state === "running";
}

/** How often to look while something is being made. */
const lookEvery = 1_000;

/** One's own exports, the newest first; looked at again while one is under way. */
export function useExports() {
  return useQuery({
    queryKey: exportsKey,
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/api/v1/exports", { signal, params: { query: { limit: 50 } } }))).items,
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? lookEvery : false),
    staleTime: 0,
  });
}

/** Begins one; asking again after no answer came begins no second. */
export async function startExport(
  conversation: string,
  id: string,
  format: ExportFormat,
  attachments: boolean,
): Promise<void> {
  const body = {
    id,
    format,
    attachments,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const made = await ask(
    api.POST("/api/v1/conversations/{id}/exports", { params: { path: { id: conversation } }, body }),
  );
  queryClient.setQueryData<Export[]>(exportsKey, (all) => [
    made,
    ...(all ?? []).filter((e) => e.id !== made.id),
  ]);
  void queryClient.invalidateQueries({ queryKey: exportsKey });
}

/** An id for the next request. */
export const newExportId = uuidv7;

export async function removeExport(id: string): Promise<void> {
  await ask(api.DELETE("/api/v1/exports/{id}", { params: { path: { id } } }));
  queryClient.setQueryData<Export[]>(exportsKey, (all) => all?.filter((e) => e.id !== id));
}

/** Where the file is; a browser saves what it finds there. */
export function exportFile(id: string): string {
  return `/api/v1/exports/${id}/file`;
}
