import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { keys } from "../api/keys.ts";
import type { Note } from "../api/types.ts";
import { reduce } from "./reducers.ts";
import { forgetPresence, looking, withNote } from "./team.ts";

const note = (id: string, after_seq: number, body = id): Note => ({
  id,
  conversation_id: "c",
  after_seq,
  author: { id: "noor", name: "Noor Haddad", kind: "staff" },
  body,
  created_at: "2026-03-02T09:30:00.000Z",
  edited_at: null,
  deleted_at: null,
});

function context() {
  const cache = new QueryClient();
  const asked: string[] = [];
  const ctx = {
    cache,
    meId: "sam",
    refresh: (key: readonly unknown[]) => void asked.push(JSON.stringify(key)),
    heard: () => undefined,
  };
  return { cache, asked, ctx };
}

describe("staff notes", () => {
  it("stand behind their message, the older one first", () => {
    const list = [note("a", 1), note("c", 3)];
    expect(withNote(list, note("b", 1)).map((n) => n.id)).toEqual(["a", "b", "c"]);
    expect(withNote(list, note("c", 3, "changed")).map((n) => n.body)).toEqual(["a", "changed"]);
  });

  it("are taken over live where they are shown, and only there", () => {
    const { cache, ctx } = context();
    reduce(ctx, { type: "note.created", data: note("a", 1) });
    expect(cache.getQueryData(keys.notes("c"))).toBeUndefined();
    cache.setQueryData(keys.notes("c"), []);
    reduce(ctx, { type: "note.created", data: note("a", 1) });
    reduce(ctx, {
      type: "note.deleted",
      data: { ...note("a", 1, ""), deleted_at: "2026-03-02T09:31:00.000Z" },
    });
    expect(cache.getQueryData<Note[]>(keys.notes("c"))?.map((n) => n.body)).toEqual([""]);
  });
});

describe("the shared queue", () => {
  const filter = { kind: "", unread: false, q: "", state: "active" } as const;

  it("is asked for again where it is shown, and the thread of who looks on from outside", () => {
    const { cache, asked, ctx } = context();
    cache.setQueryData(keys.inbox({ ...filter, inbox: "own" }), { pages: [], pageParams: [] });
    const shared = keys.inbox({ ...filter, inbox: "organization", queue: "unassigned" });
    cache.setQueryData(shared, { pages: [], pageParams: [] });
    cache.setQueryData(keys.conversation("outside"), { id: "outside", organization_inbox: true });
    cache.setQueryData(keys.conversation("inside"), { id: "inside", organization_inbox: false });
    reduce(ctx, { type: "queue.updated", data: { conversation_id: "inside" } });
    expect(asked).toEqual([JSON.stringify(shared), JSON.stringify(keys.counts)]);
    reduce(ctx, { type: "queue.updated", data: { conversation_id: "outside" } });
    expect(asked.slice(2)).toContain(JSON.stringify(keys.thread("outside")));
  });
});

describe("who is looking", () => {
  it("is known for what one looks at oneself", () => {
    const { ctx } = context();
    const sam = { id: "sam", name: "Sam Whitehorse", kind: "staff" as const };
    reduce(ctx, { type: "presence", data: { conversation_id: "c", viewers: [sam], typing: [] } });
    expect(looking.get()["c"]?.viewers).toEqual([sam]);
    forgetPresence("c");
    expect(looking.get()["c"]).toBeUndefined();
  });
});
