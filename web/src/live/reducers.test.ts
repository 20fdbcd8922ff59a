import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type InboxFilter, keys } from "../api/keys.ts";
import type { Conversation, Message } from "../api/types.ts";
import { conversation, leilani, message, noor } from "../test.fixtures.ts";
import type { LiveContext } from "./context.ts";
import type { LiveEvent } from "./events.ts";
import { type Inbox, inboxItems } from "./inbox.ts";
import { reads, typing } from "./presence.ts";
import { reduce, reducers } from "./reducers.ts";
import { sessionEnded } from "./status.ts";
import type { Thread } from "./thread.ts";

const filter: InboxFilter = { kind: "", unread: false, q: "", inbox: "own", state: "active" };
const own = (seq: number) => message(seq, { author: noor });

let cache: QueryClient;
let ctx: LiveContext;
const refresh = vi.fn<LiveContext["refresh"]>();
const heard = vi.fn<LiveContext["heard"]>();

beforeEach(() => {
  cache = new QueryClient();
  refresh.mockReset();
  heard.mockReset();
  ctx = { cache, meId: noor.id, refresh, heard };
  typing.set({});
  reads.set({});
  sessionEnded.set(null);
});

function hold(...list: Conversation[]): void {
  cache.setQueryData<Inbox>(keys.inbox(filter), {
    pages: [{ items: list, next_cursor: null }],
    pageParams: [undefined],
  });
  for (const c of list) cache.setQueryData(keys.conversation(c.id), c);
}

function holdThread(...items: Message[]): void {
  cache.setQueryData<Thread>(keys.thread("c-1"), { items, hasMore: false });
}

const listed = () => inboxItems(cache.getQueryData<Inbox>(keys.inbox(filter)));
const first = () => listed()[0] as Conversation;
const shown = () => cache.getQueryData<Thread>(keys.thread("c-1"))?.items.map((m) => m.seq);
const on = (event: LiveEvent) => reduce(ctx, event);
const refreshed = () => refresh.mock.calls.map(([key]) => key as unknown);

describe("message.created", () => {
  it("shows in the thread and in the list, counts as unread and rises to the top", () => {
    const other = conversation({ id: "c-2", last_activity_at: "2026-11-19T00:00:00.000Z" });
    hold(other, conversation());
    holdThread(message(3));
    const fresh = message(4, { created_at: "2026-11-20T00:00:00.000Z" });
    on({ type: "message.created", data: fresh });
    expect(shown()).toEqual([3, 4]);
    expect(listed().map((c) => c.id)).toEqual(["c-1", "c-2"]);
    expect(first()).toMatchObject({ unread: 1, last_seq: 4, last_message: fresh });
    expect(cache.getQueryData<Conversation>(keys.conversation("c-1"))?.unread).toBe(1);
    expect(heard).toHaveBeenCalledWith(fresh);
    expect(refreshed()).toContainEqual(keys.counts);
  });

  it("of one's own reads everything before it and is not announced", () => {
    hold(conversation({ unread: 2, read_seq: 1, marked_unread: true }));
    on({ type: "message.created", data: own(4) });
    expect(first()).toMatchObject({ unread: 0, read_seq: 4, marked_unread: false });
    expect(heard).not.toHaveBeenCalled();
  });

  it("that comes twice counts once", () => {
    hold(conversation());
    holdThread(message(3));
    on({ type: "message.created", data: message(4) });
    on({ type: "message.created", data: message(4) });
    expect(first().unread).toBe(1);
    expect(shown()).toEqual([3, 4]);
  });

  it("after a gap asks for the thread instead of showing a hole", () => {
    hold(conversation());
    holdThread(message(3));
    on({ type: "message.created", data: message(6) });
    expect(shown()).toEqual([3]);
    expect(refreshed()).toContainEqual(keys.thread("c-1"));
  });

  it("of the program is never unread", () => {
    hold(conversation());
    on({
      type: "message.created",
      data: message(4, { kind: "system", author: { id: null, name: "Hearth", kind: "system" } }),
    });
    expect(first()).toMatchObject({ unread: 0, last_seq: 4 });
  });

  it("with files asks for the list of files again, and so does its deletion", () => {
    on({ type: "message.created", data: message(4) });
    expect(refreshed()).not.toContainEqual(keys.files("c-1"));
    const file = { id: "a-1", name: "oats.jpg" } as Message["attachments"][number];
    on({ type: "message.created", data: message(5, { attachments: [file] }) });
    expect(refreshed()).toContainEqual(keys.files("c-1"));
    refresh.mockReset();
    on({ type: "message.deleted", data: message(5, { deleted_at: "2026-11-20T00:00:00.000Z" }) });
    expect(refreshed()).toContainEqual(keys.files("c-1"));
  });

  it("in a conversation that the list lacks asks for the list", () => {
    hold(conversation({ id: "c-9" }));
    on({ type: "message.created", data: message(4) });
    expect(refreshed()).toContainEqual(keys.inbox(filter));
  });

  it("ends its author's typing", () => {
    on({ type: "typing", data: { conversation_id: "c-1", user: leilani } });
    expect(typing.get()["c-1"]?.[leilani.id]?.name).toBe(leilani.name);
    on({ type: "message.created", data: message(4) });
    expect(typing.get()["c-1"]).toEqual({});
  });
});

describe("message.updated and message.deleted", () => {
  it("change the copy in the thread and in the list", () => {
    hold(conversation());
    holdThread(message(2), message(3));
    on({
      type: "message.updated",
      data: message(3, { body: "better", edited_at: "2026-11-20T00:00:00.000Z" }),
    });
    expect(first().last_message?.body).toBe("better");
    on({ type: "message.deleted", data: message(3, { body: "", deleted_at: "2026-11-20T00:00:00.000Z" }) });
    expect(cache.getQueryData<Thread>(keys.thread("c-1"))?.items[1]?.deleted_at).not.toBeNull();
    expect(first().unread).toBe(0);
  });
});

describe("read.updated", () => {
  it("of oneself on another device clears the count", () => {
    hold(conversation({ unread: 2, read_seq: 1 }));
    on({ type: "read.updated", data: { conversation_id: "c-1", user_id: noor.id, seq: 3, unread: 0 } });
    expect(first()).toMatchObject({ unread: 0, read_seq: 3 });
  });

  it("of someone else moves their mark forward only", () => {
    hold(conversation({ unread: 2 }));
    on({ type: "read.updated", data: { conversation_id: "c-1", user_id: leilani.id, seq: 3 } });
    on({ type: "read.updated", data: { conversation_id: "c-1", user_id: leilani.id, seq: 2 } });
    expect(reads.get()["c-1"]?.[leilani.id]).toBe(3);
    expect(first().unread).toBe(2);
  });
});

describe("the rest", () => {
  it("conversation.updated replaces the conversation where it stands", () => {
    hold(conversation());
    on({
      type: "conversation.updated",
      data: conversation({ can_send: false, cannot_send_code: "conversation_closed" }),
    });
    expect(first().can_send).toBe(false);
    expect(cache.getQueryData<Conversation>(keys.conversation("c-1"))?.can_send).toBe(false);
  });

  it("conversation.created asks for the lists it may belong to", () => {
    hold(conversation());
    on({ type: "conversation.created", data: conversation({ id: "c-new" }) });
    expect(refreshed()).toContainEqual(keys.inbox(filter));
    expect(cache.getQueryData(keys.conversation("c-new"))).toBeDefined();
  });

  it("draft.updated brings what another device wrote", () => {
    hold(conversation());
    const data = { conversation_id: "c-1", body: "half a", reply_to: "m-1", attachments: [] };
    on({ type: "draft.updated", data });
    expect(first()).toMatchObject({ draft: "half a", draft_reply_to: "m-1", draft_attachments: [] });
  });

  it("session.ended is told once and for all", () => {
    on({ type: "session.ended", data: { reason: "signed_out" } });
    expect(sessionEnded.get()).toBe("signed_out");
  });

  it("an unknown event is left alone", () => {
    expect(() => on({ type: "weather.changed", data: {} } as unknown as LiveEvent)).not.toThrow();
    expect(refresh).not.toHaveBeenCalled();
  });

  it("one's own typing on another device is not shown", () => {
    reducers.typing(ctx, { conversation_id: "c-1", user: noor });
    expect(typing.get()).toEqual({});
  });
});
