import { useMutation, useQuery } from "@tanstack/react-query";
import { uuidv7 } from "../lib/ids.ts";
import { queryClient } from "./cache.ts";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { NextStep, Scheduled, Template } from "./types.ts";

// What helps writing: messages for later, and texts to write with.

/** Everything one has scheduled, and what became of it in the last 30 days. */
export function useScheduled(wanted = true) {
  return useQuery({ queryKey: keys.scheduled, queryFn: allScheduled, enabled: wanted });
}

async function allScheduled(): Promise<Scheduled[]> {
  const all: Scheduled[] = [];
  for (let cursor = ""; ;) {
    const query = { limit: 200, ...(cursor && { cursor }) };
    const page = await ask(api.GET("/api/v1/scheduled", { params: { query } }));
    all.push(...page.items);
    if (!page.next_cursor) return all;
    cursor = page.next_cursor;
  }
}

/** Puts a scheduled message as it is now into what is shown. */
export function keepScheduled(changed: Scheduled): void {
  queryClient.setQueryData<Scheduled[]>(keys.scheduled, (all) => all && withScheduled(all, changed));
}

/** Latest time first, as the server lists them; a cancelled one is gone. */
export function withScheduled(all: readonly Scheduled[], changed: Scheduled): Scheduled[] {
  const rest = all.filter((s) => s.id !== changed.id);
  if (changed.state === "cancelled") return rest;
  return [...rest, changed].sort((a, b) => b.send_at.localeCompare(a.send_at) || b.id.localeCompare(a.id));
}

export interface ScheduleDraft {
  conversation: string;
  body: string;
  sendAt: Date;
  replyTo: string | null;
  onBehalfOf: string | null;
  attachments: readonly string[];
}

export function useSchedule() {
  return useMutation({
    mutationFn: ({ id, draft }: { id: string; draft: ScheduleDraft }) =>
      ask(
        api.POST("/api/v1/conversations/{id}/messages", {
          params: { path: { id: draft.conversation } },
          body: {
            id,
            body: draft.body,
            send_at: draft.sendAt.toISOString(),
            ...(draft.replyTo && { reply_to: draft.replyTo }),
            ...(draft.onBehalfOf && { on_behalf_of: draft.onBehalfOf }),
            ...(draft.attachments.length > 0 && { attachment_ids: [...draft.attachments] }),
          },
        }),
      ) as Promise<Scheduled>,
    onSuccess: keepScheduled,
  });
}

interface ScheduledChange {
  id: string;
  version: number;
  body?: string;
  send_at?: string;
  /** All files that it has then. */
  attachment_ids?: string[];
}

export function useReschedule() {
  return useMutation({
    mutationFn: ({ id, ...body }: ScheduledChange) =>
      ask(api.PATCH("/api/v1/scheduled/{id}", { params: { path: { id } }, body })),
    onSuccess: keepScheduled,
  });
}

/** Takes a message back before it goes. */
export async function cancelScheduled(s: Scheduled): Promise<void> {
  await ask(api.DELETE("/api/v1/scheduled/{id}", { params: { path: { id: s.id } } }));
  keepScheduled({ ...s, state: "cancelled" });
}

export function useCancelScheduled() {
  return useMutation({ mutationFn: cancelScheduled });
}

/** One's own templates and the practice's, by title. */
export function useTemplates() {
  return useQuery({ queryKey: keys.templates, queryFn: allTemplates });
}

async function allTemplates(): Promise<Template[]> {
  const all: Template[] = [];
  for (let cursor = ""; ;) {
    const query = { limit: 200, ...(cursor && { cursor }) };
    const page = await ask(api.GET("/api/v1/templates", { params: { query } }));
    all.push(...page.items);
    if (!page.next_cursor) return all;
    cursor = page.next_cursor;
  }
}

/** What a template says in a conversation, with the fields that could not be filled. */
export function templateText(id: string, conversation: string) {
  const params = { path: { id }, query: { conversation_id: conversation } };
  return ask(api.GET("/api/v1/templates/{id}/text", { params }));
}

const refreshTemplates = () => queryClient.invalidateQueries({ queryKey: keys.templates });

export function useAddTemplate() {
  return useMutation({
    mutationFn: (body: Pick<Template, "scope" | "title" | "body">) =>
      ask(api.POST("/api/v1/templates", { body: { id: uuidv7(), ...body } })),
    onSuccess: refreshTemplates,
  });
}

export function useChangeTemplate() {
  return useMutation({
    mutationFn: ({ id, ...body }: Pick<Template, "id" | "version" | "title" | "body">) =>
      ask(api.PATCH("/api/v1/templates/{id}", { params: { path: { id } }, body })),
    onSuccess: refreshTemplates,
  });
}

export function useDeleteTemplate() {
  return useMutation({
    mutationFn: (id: string) => ask(api.DELETE("/api/v1/templates/{id}", { params: { path: { id } } })),
    onSuccess: refreshTemplates,
  });
}

/** What comes next for a client, or with "" for clients who have no next step of their own. */
export function useNextStep(client: string) {
  return useQuery({
    queryKey: keys.nextStep(client),
    queryFn: () =>
      client === ""
        ? ask(api.GET("/api/v1/organization/next-step"))
        : ask(api.GET("/api/v1/clients/{id}/next-step", { params: { path: { id: client } } })),
  });
}

export function useSaveNextStep(client: string) {
  return useMutation({
    mutationFn: ({ version, text = "" }: Partial<NextStep> & { version: number }) => {
      const body = { version, text };
      return client === ""
        ? ask(api.PUT("/api/v1/organization/next-step", { body }))
        : ask(api.PUT("/api/v1/clients/{id}/next-step", { params: { path: { id: client } }, body }));
    },
    onSuccess: (saved) => queryClient.setQueryData(keys.nextStep(client), saved),
  });
}

/** A template's text in one line, with its fields as people read them. */
export function templateLine(body: string): string {
  return body
    .replace(/\{\{\s*(\w+)\s*\}\}/g, (_, field: string) => `[${field.replace(/_/g, " ")}]`)
    .replace(/\s+/g, " ");
}
