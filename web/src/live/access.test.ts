import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type InboxFilter, keys } from "../api/keys.ts";
import type { Client, Conversation, Me } from "../api/types.ts";
import { client, conversation, leilani, me, noor } from "../test.fixtures.ts";
import { changeAccess } from "./access.ts";
import type { LiveContext } from "./context.ts";
import { type Inbox, inboxItems } from "./inbox.ts";

const filter: InboxFilter = { kind: "", unread: false, q: "", inbox: "own", state: "active" };
const words = { title: "Off", body: "Read on.", phone: "555", hours: "", emergency: "911" };
const direct = conversation();
const community = conversation({ id: "c-2", kind: "community", subject: "Steady Plates" });

let cache: QueryClient;
const refresh = vi.fn<LiveContext["refresh"]>();

function as(meId: string): LiveContext {
  return { cache, meId, refresh, heard: vi.fn() };
}

beforeEach(() => {
  cache = new QueryClient();
  refresh.mockReset();
  for (const c of [direct, community]) cache.setQueryData(keys.conversation(c.id), c);
  cache.setQueryData<Inbox>(keys.inbox(filter), {
    pages: [{ items: [direct, community], next_cursor: null }],
    pageParams: [undefined],
  });
});

const held = (id: string) => cache.getQueryData<Conversation>(keys.conversation(id)) as Conversation;
const listed = () => inboxItems(cache.getQueryData<Inbox>(keys.inbox(filter)));

describe("staff", () => {
  const off = { client_id: leilani.id, direct: false, community: true };
  it("see the direct thread closed at once, in the list too, and the community chat open", () => {
    changeAccess(as(noor.id), off);
    expect(held("c-1")).toMatchObject({ can_send: false, cannot_send_code: "chat_unavailable" });
    expect(listed().map((c) => c.can_send)).toEqual([false, true]);
    expect(held("c-2").members.find((m) => m.user_id === leilani.id)?.chat).toEqual({
      direct: false,
      community: true,
    });
  });
  it("are not kept from a community chat that one client may not be in", () => {
    changeAccess(as(noor.id), { client_id: leilani.id, direct: true, community: false });
    expect([held("c-1").can_send, held("c-2").can_send]).toEqual([true, true]);
  });
  it("see it on the client, and everything that shows access is asked for again", () => {
    cache.setQueryData<Client>(keys.client(leilani.id), client());
    changeAccess(as(noor.id), off);
    expect(cache.getQueryData<Client>(keys.client(leilani.id))?.chat_access).toMatchObject({ direct: false });
    const asked = refresh.mock.calls.map(([key]) => key);
    for (const key of [
      keys.access,
      keys.inboxes,
      keys.conversations,
      keys.clientLists,
      keys.client(leilani.id),
    ])
      expect(asked).toContainEqual(key);
  });
  it("leave conversations of others alone", () => {
    changeAccess(as(noor.id), { ...off, client_id: "u-other" });
    expect(held("c-1")).toBe(direct);
    expect(listed()[0]).toBe(direct);
  });
});

describe("the client", () => {
  const own = { direct: false, community: false, notice: words, community_notice: words };
  it("reads the notice in every thread at once, with the words that came", () => {
    cache.setQueryData<Me>(
      keys.me,
      me({
        chat: { direct: true, community: true, notice: { ...words, body: "old" }, community_notice: words },
      }),
    );
    changeAccess(as(leilani.id), own);
    expect(cache.getQueryData<Me>(keys.me)?.chat).toMatchObject({
      direct: false,
      notice: { body: "Read on." },
    });
    expect([held("c-1").can_send, held("c-2").can_send]).toEqual([false, false]);
    expect(held("c-1").draft).toBe(direct.draft);
  });
  it("waits for the server's word before writing again", () => {
    changeAccess(as(leilani.id), own);
    changeAccess(as(leilani.id), { ...own, direct: true });
    expect(held("c-1").can_send).toBe(false);
    expect(refresh.mock.calls.map(([key]) => key)).toContainEqual(keys.conversations);
  });
});
