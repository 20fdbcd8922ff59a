import { useQuery } from "@tanstack/react-query";
import { queryClient } from "../../../api/cache.ts";
import { api, ask } from "../../../api/client.ts";
import { keys } from "../../../api/keys.ts";
import type { Note } from "../../../api/types.ts";
import { uuidv7 } from "../../../lib/ids.ts";
import { withNote } from "../../../live/team.ts";

const longestPage = 200;

/** Every note beside a conversation, in its order. */
export function useNotes(conversation: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.notes(conversation),
    queryFn: ({ signal }) => all(conversation, signal),
    enabled,
  });
}

async function all(conversation: string, signal: AbortSignal): Promise<Note[]> {
  const list: Note[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(
      api.GET("/api/v1/conversations/{id}/notes", {
        signal,
        params: { path: { id: conversation }, query: { limit: longestPage, ...(cursor && { cursor }) } },
      }),
    );
    list.push(...((page.items ?? []) as Note[]));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return list;
}

function keep(note: Note): void {
  queryClient.setQueryData<Note[]>(keys.notes(note.conversation_id), (list) => withNote(list ?? [], note));
}

/** The id of a new note, made once, so that trying again never doubles it. */
export const newNoteId = (): string => uuidv7();

export async function writeNote(conversation: string, id: string, body: string): Promise<void> {
  const call = api.POST("/api/v1/conversations/{id}/notes", {
    params: { path: { id: conversation } },
    body: { id, body },
  });
  keep(await ask(call));
}

export async function changeNote(note: Note, body: string): Promise<void> {
  keep(await ask(api.PATCH("/api/v1/notes/{id}", { params: { path: { id: note.id } }, body: { body } })));
}

export async function deleteNote(note: Note): Promise<void> {
  await ask(api.DELETE("/api/v1/notes/{id}", { params: { path: { id: note.id } } }));
  keep({ ...note, body: "", deleted_at: new Date().toISOString() });
}
