import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { MeContext } from "../../api/session.ts";
import type { Conversation, Me } from "../../api/types.ts";
import { conversation, leilani, me, noor } from "../../test.fixtures.ts";
import { Notice } from "./Notice.tsx";

const notice = {
  title: "Messaging is turned off",
  body: "You can still read everything here.",
  phone: "(503) 555-0142",
  hours: "",
  emergency: "911",
};
const chat = {
  direct: false,
  community: true,
  notice,
  community_notice: { ...notice, title: "Community Chat is turned off" },
};
const off = { can_send: false, cannot_send_code: "chat_unavailable" } as const;

beforeEach(() => {
  vi.stubGlobal("fetch", async () => Response.json({ code: "not_found", status: 404 }, { status: 404 }));
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

function show(who: Me, over: Partial<Conversation>, flipped = false): void {
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={who}>
        <Notice conversation={conversation({ ...off, ...over })} flipped={flipped} />
      </MeContext>
    </QueryClientProvider>,
  );
}

const asClient = (over = {}) =>
  me({
    user: { ...me().user, id: leilani.id, name: leilani.name, kind: "client" } as Me["user"],
    chat: { ...chat, ...over },
  });

const href = (name: string) => screen.getByRole("link", { name }).getAttribute("href");

describe("a client whose chat is off", () => {
  it("reads how to reach care, and nothing about who or why", () => {
    show(asClient(), { unavailable: null });
    expect(screen.getByRole("heading", { name: "Messaging is turned off" })).toBeTruthy();
    expect(href("Call (503) 555-0142")).toBe("tel:5035550142");
    expect(href("In an emergency, call 911")).toBe("tel:911");
    expect(document.body.textContent).not.toMatch(/reason|turned off by/i);
  });
  it("keeps the text that was being written", () => {
    show(asClient(), { draft: "Breakfast went well" }, true);
    expect(screen.getByRole("alert").textContent).toBe(
      "Messaging was turned off while you were writing. Your text is still here.",
    );
    expect(screen.getByText("Breakfast went well")).toBeTruthy();
    expect(document.activeElement?.getAttribute("role")).toBe("status");
  });
  it("is led from a community chat to what still works, or to the phone", () => {
    show(asClient({ direct: true }), { kind: "community" });
    expect(screen.getByRole("heading", { name: "Community Chat is turned off" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Message your care team" })).toBeTruthy();
    expect(screen.queryByRole("link", { name: /^Call/ })).toBeNull();
  });
  it("is led to the phone where both are off", () => {
    show(asClient(), { kind: "community" });
    expect(href("Call (503) 555-0142")).toBe("tel:5035550142");
  });
});

describe("staff before a client whose chat is off", () => {
  it("read who, when, why, from where and until when", () => {
    const unavailable = {
      client_id: leilani.id,
      name: leilani.name,
      by: noor,
      at: "2026-11-12T22:41:00.000Z",
      reason: "Weekly calls",
      until: "2026-12-02T00:00:00.000Z",
      source: "client",
    } as const;
    show(me(), { unavailable });
    expect(screen.getByRole("heading", { name: "Chat is unavailable for Leilani Kahale" })).toBeTruthy();
    const facts = screen.getAllByRole("term").map((dt) => dt.textContent);
    expect(facts).toEqual(["Turned off by", "Reason", "Setting from", "Until"]);
    expect(screen.getByText("Weekly calls")).toBeTruthy();
    expect(screen.getByRole("link", { name: "See the settings" }).getAttribute("href")).toBe(
      `/clients/${leilani.id}/chat-settings`,
    );
  });
});

describe("a locked community chat", () => {
  it("says who posts there, and keeps what was being written", () => {
    const locked = { kind: "community", can_send: false, cannot_send_code: "conversation_locked" } as const;
    show(asClient(), { ...locked, id: "c-locked", draft: "My breakfast" });
    expect(screen.getByText("Only the care team posts here now")).toBeTruthy();
    expect(screen.getByText(/This chat was locked while you were writing/)).toBeTruthy();
    expect(screen.getByText("My breakfast")).toBeTruthy();
  });
});
