import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import type { ClientAccess } from "../../api/types.ts";
import { ClientSheet } from "./ClientSheet.tsx";
import { clientNotifications } from "./notifications/test.fixtures.ts";
import { clientAccess, priya, switchAccess } from "./test.fixtures.ts";

let stored: ClientAccess;
let puts: { version: number; direct?: string; community?: string }[];

/** A server that holds one client and refuses old versions. */
async function server(request: Request): Promise<Response> {
  if (request.url.includes("/history")) return Response.json({ items: [], next_cursor: null });
  if (request.url.endsWith("/notifications")) return Response.json(clientNotifications());
  if (request.method === "GET") return Response.json(stored);
  const body = (await request.json()) as (typeof puts)[number];
  puts.push(body);
  if (body.version !== stored.version) {
    const problem = { status: 409, code: "version_conflict", title: "Changed", detail: "", current: stored };
    return Response.json(problem, { status: 409 });
  }
  const set = (name: "direct" | "community") =>
    body[name]
      ? switchAccess({ own: body[name] as "on" | "off", source: "client", effective: body[name] === "on" })
      : stored[name];
  stored = { ...stored, version: stored.version + 1, direct: set("direct"), community: set("community") };
  return Response.json(stored);
}

beforeEach(() => {
  stored = clientAccess();
  puts = [];
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

async function show(): Promise<void> {
  render(
    <QueryClientProvider client={queryClient}>
      <ClientSheet params={{ id: "u-maya" }} />
    </QueryClientProvider>,
  );
  await screen.findByRole("switch", { name: "Allow Direct Messaging" });
}

const directSwitch = () => screen.getByRole<HTMLInputElement>("switch", { name: "Allow Direct Messaging" });
const save = () => screen.getByRole("button", { name: "Save" });

describe("Chat Settings", () => {
  it("changes nothing before Save, then sends the version it was made on", async () => {
    await show();
    fireEvent.click(directSwitch());
    expect(screen.getByText("1 change not saved")).toBeTruthy();
    expect(screen.getByText("Once you save")).toBeTruthy();
    expect(puts).toEqual([]);
    fireEvent.click(save());
    await screen.findByText("No changes");
    expect(puts).toEqual([{ version: 1, direct: "off", direct_reason: null, direct_until: null }]);
    expect(screen.getByText("Maya can’t send or receive direct messages.")).toBeTruthy();
  });

  it("saves with Ctrl+S and forgets with Discard", async () => {
    await show();
    fireEvent.click(directSwitch());
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(directSwitch().checked).toBe(true);
    fireEvent.keyDown(document, { key: "s", ctrlKey: true });
    expect(puts).toEqual([]);
    fireEvent.click(directSwitch());
    fireEvent.keyDown(document, { key: "s", ctrlKey: true });
    await waitFor(() => expect(puts).toHaveLength(1));
  });

  it("tells of someone else's change, keeps the edit, and saves it on their version", async () => {
    await show();
    fireEvent.click(directSwitch());
    const theirs = switchAccess({
      own: "off",
      source: "client",
      effective: false,
      changed_by: priya,
      changed_at: "2026-11-20T10:00:00.000Z",
    });
    stored = { ...stored, version: 2, community: theirs };
    fireEvent.click(save());
    await screen.findByText("Priya Raghunathan changed this a moment ago.");
    expect(screen.getByText("Community Chat is off now, set for this client.")).toBeTruthy();
    expect(directSwitch().checked).toBe(false);
    expect(stored.direct.own).toBe("unset");
    fireEvent.click(save());
    await screen.findByText("No changes");
    expect(puts.map((p) => p.version)).toEqual([1, 2]);
    expect(stored).toMatchObject({ direct: { own: "off" }, community: { own: "off" } });
  });

  it("is only to look at for those who may not change it", async () => {
    stored = clientAccess({ can_change: false });
    await show();
    expect(directSwitch().disabled).toBe(true);
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
    expect(screen.getByText(/needs a permission you don’t have/)).toBeTruthy();
  });
});
