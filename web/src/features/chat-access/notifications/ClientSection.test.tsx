import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../../api/cache.ts";
import type { ClientNotifications } from "../../../api/clientNotifications.ts";
import { ClientSheet } from "../ClientSheet.tsx";
import { clientAccess } from "../test.fixtures.ts";
import { clientNotifications, matrix } from "./test.fixtures.ts";

let stored: ClientNotifications;
let puts: { url: string; body: { version: number; own?: Partial<ClientNotifications["own"]> } }[];
let access: ReturnType<typeof clientAccess>;

/** A server that holds one client’s notifications and refuses old versions. */
async function server(request: Request): Promise<Response> {
  const url = new URL(request.url).pathname;
  if (request.method === "PUT") puts.push({ url, body: await request.clone().json() });
  if (url.endsWith("/history")) return Response.json({ items: [], next_cursor: null });
  if (!url.endsWith("/notifications")) {
    if (request.method === "PUT") access = { ...access, version: access.version + 1 };
    return Response.json(access);
  }
  if (request.method === "GET") return Response.json(stored);
  const body = (await request.json()) as { version: number; own: Partial<ClientNotifications["own"]> };
  if (body.version !== stored.version) {
    const problem = { status: 409, code: "version_conflict", title: "Changed", current: stored };
    return Response.json(problem, { status: 409 });
  }
  const own = {
    direct: { ...stored.own.direct, ...body.own.direct },
    community: { ...stored.own.community, ...body.own.community },
  };
  stored = { ...stored, version: stored.version + 1, own };
  return Response.json(stored);
}

beforeEach(() => {
  const settings = matrix<"on" | "off" | "unset">("unset");
  settings.direct.email = "off";
  stored = clientNotifications({
    group: { id: "g-1", name: "Concierge", settings },
    narrowed: { ...matrix(false), community: { email: false, push: true, in_app: false } },
  });
  access = clientAccess();
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
      <ClientSheet params={{ id: "u-maya" }} told={(id) => <p>History of {id}</p>} />
    </QueryClientProvider>,
  );
  await screen.findByRole("radiogroup", { name: /^Direct messages by email/ });
}

const cell = (name: RegExp) => within(screen.getByRole("radiogroup", { name }));
const choose = (name: RegExp, value: string) =>
  fireEvent.click(cell(name).getByRole("radio", { name: value }));
const save = () => fireEvent.click(screen.getByRole("button", { name: "Save" }));

describe("Adjust Chat Notifications", () => {
  it("names each cell in full, with its value and where that comes from", async () => {
    await show();
    expect(
      screen.getByRole("radiogroup", { name: "Direct messages by email: off, from group Concierge" }),
    ).toBeTruthy();
    expect(screen.getByText("Maya turned it off themselves")).toBeTruthy();
    fireEvent.click(screen.getAllByRole("button", { name: /^See where these come from/ })[0] as Element);
    const table = await screen.findByRole("table", { name: "Where direct messages come from" });
    expect(within(table).getByRole("row", { name: /Group: Concierge Off/ })).toBeTruthy();
  });

  it("saves only the cell that was changed, and leaves chat access alone", async () => {
    await show();
    choose(/^Direct messages by email/, "On");
    expect(screen.getByText("1 change not saved")).toBeTruthy();
    expect(
      screen.getByRole("radiogroup", { name: "Direct messages by email: on, set for Maya, once you save" }),
    ).toBeTruthy();
    save();
    await screen.findByText("No changes");
    expect(puts).toEqual([
      { url: "/api/v1/clients/u-maya/notifications", body: { version: 1, own: { direct: { email: "on" } } } },
    ]);
    choose(/^Direct messages by email/, "As the group");
    save();
    await waitFor(() => expect(puts[1]?.body.own).toEqual({ direct: { email: "unset" } }));
  });

  it("has one Save for both kinds of setting, each of which is saved apart", async () => {
    await show();
    choose(/^Community chats by push/, "Off");
    fireEvent.click(screen.getByRole("switch", { name: "Allow Direct Messaging" }));
    expect(screen.getByText("2 changes not saved")).toBeTruthy();
    save();
    await waitFor(() => expect(puts).toHaveLength(2));
    expect(puts.map((p) => p.url.split("/").pop()).sort()).toEqual(["chat-access", "notifications"]);
  });

  it("keeps both people's changes where someone else was first", async () => {
    await show();
    choose(/^Direct messages by email/, "On");
    const own = matrix<"on" | "off" | "unset">("unset");
    own.community.email = "off";
    stored = { ...stored, version: 2, own };
    save();
    const told = await screen.findByRole("alert");
    expect(told.textContent).toContain("Community chats by email: off now.");
    expect(
      screen.getByRole("radiogroup", { name: "Community chats by email: off, set for Maya" }),
    ).toBeTruthy();
    save();
    await screen.findByText("No changes");
    expect(stored.own).toMatchObject({ direct: { email: "on" }, community: { email: "off" } });
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("forgets with Discard, and is only to look at without the permission", async () => {
    await show();
    choose(/^Direct messages in the app/, "Off");
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.getByText("No changes")).toBeTruthy();
    cleanup();
    queryClient.clear();
    access = clientAccess({ can_change: false });
    await show();
    expect(
      cell(/^Direct messages in the app/).getByRole<HTMLInputElement>("radio", { name: "Off" }).disabled,
    ).toBe(true);
  });

  it("shows what became of notifications when asked", async () => {
    await show();
    expect(screen.queryByText("History of u-maya")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Notification history" }));
    expect(screen.getByText("History of u-maya")).toBeTruthy();
  });
});
