import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Blast, BlastSettings, Recipients } from "../../api/types.ts";

/** What is sent of a blast. */
export interface Outgoing {
  recipients: Recipients;
  body: string;
  title: string;
  attachment_ids: string[];
  staff_ids: string[];
  on_behalf_of: string | null;
  /** Null for at once. */
  send_at: string | null;
}

/** So long a blast that goes at once can be taken back whole. */
export const graceSeconds = 10;

/** Puts a blast as it is now into what is shown. */
export function keepBlast(blast: Blast): void {
  queryClient.setQueryData(keys.blast(blast.id), blast);
  void queryClient.invalidateQueries({ queryKey: keys.blastLists });
}

/** Sends it, or lets it wait for its time; under the same id it is made once however often it is tried. */
export function sendBlast(
  id: string,
  { on_behalf_of, send_at, ...out }: Outgoing,
  token: string | null,
): Promise<Blast> {
  return ask(
    api.POST("/api/v1/blasts", {
      body: {
        id,
        ...out,
        ...(on_behalf_of && { on_behalf_of }),
        ...(send_at ? { send_at } : { grace_seconds: graceSeconds }),
        ...(token && { token }),
      },
    }),
  ) as Promise<Blast>;
}

export function changeBlast(id: string, version: number, out: Partial<Outgoing>): Promise<Blast> {
  return ask(api.PATCH("/api/v1/blasts/{id}", { params: { path: { id } }, body: { version, ...out } }));
}

export type Act = "pause" | "resume" | "cancel";

export async function actOn(id: string, act: Act): Promise<Blast> {
  const params = { path: { id } };
  const blast = await {
    pause: () => ask(api.POST("/api/v1/blasts/{id}/pause", { params })),
    resume: () => ask(api.POST("/api/v1/blasts/{id}/resume", { params })),
    cancel: () => ask(api.POST("/api/v1/blasts/{id}/cancel", { params })),
  }[act]();
  keepBlast(blast);
  return blast;
}

export function useAct(id: string) {
  return useMutation({ mutationFn: (act: Act) => actOn(id, act) });
}

/** A message to oneself, as one recipient would read it. */
export function sendTest(body: string, attachments: string[], example: string | undefined) {
  return ask(
    api.POST("/api/v1/blasts/test", {
      body: { body, attachment_ids: attachments, ...(example && { example_id: example }) },
    }),
  );
}

/** Whom a file names, and its lines that name nobody. */
export function useReadFile() {
  return useMutation({
    mutationFn: (csv: string) => ask(api.POST("/api/v1/blasts/recipients", { body: { csv } })),
  });
}

/** What was begun and not sent; without a time there is nothing. */
export function useKeptDraft() {
  return useQuery({
    queryKey: keys.blastDraft,
    queryFn: ({ signal }) => ask(api.GET("/api/v1/blasts/draft", { signal })),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Browsers limit what a request that outlives its page may carry. */
const keepaliveLimit = 60_000;

export async function keepDraft(body: Outgoing, size: number): Promise<void> {
  await ask(api.PUT("/api/v1/blasts/draft", { body, keepalive: size < keepaliveLimit }));
}

export async function dropDraft(): Promise<void> {
  await ask(api.DELETE("/api/v1/blasts/draft", { keepalive: true }));
}

const pageSize = 50;

/** Blasts in one state, or with "" in any, newest first. */
export function useBlastList(state: Blast["state"] | "", q: string) {
  return useInfiniteQuery({
    queryKey: keys.blastList(state, q),
    initialPageParam: "",
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { limit: pageSize, ...(state && { state }), ...(q && { q }), ...(cursor && { cursor }) };
      return ask(api.GET("/api/v1/blasts", { signal, params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}

/** Which of the recipients are listed. */
export interface RecipientFilter {
  state?: "sent" | "skipped" | "pending";
  why?: "archived" | "direct_off" | "no_account" | "forbidden" | "cancelled" | "failed";
  read?: true;
  replied?: true;
  q?: string;
}

export function useRecipients(id: string, filter: RecipientFilter) {
  return useInfiniteQuery({
    queryKey: [...keys.blastRecipients(id), filter],
    initialPageParam: "",
    queryFn: ({ pageParam: cursor, signal }) =>
      ask(
        api.GET("/api/v1/blasts/{id}/recipients", {
          signal,
          params: { path: { id }, query: { limit: 100, ...filter, ...(cursor && { cursor }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}

export function useBlastSettings() {
  return useQuery({
    queryKey: keys.blastSettings,
    queryFn: () => ask(api.GET("/api/v1/organization/blast-settings")),
  });
}

export function useSaveSettings() {
  return useMutation({
    mutationFn: (body: Partial<BlastSettings> & { version: number }) =>
      ask(api.PUT("/api/v1/organization/blast-settings", { body })),
    onSuccess: (saved) => queryClient.setQueryData(keys.blastSettings, saved),
  });
}

/** The file with what became of every recipient. */
export function outcomeHref(id: string): string {
  return `/api/v1/blasts/${encodeURIComponent(id)}/outcome`;
}
