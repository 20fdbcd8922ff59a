import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient } from "../../../api/cache.ts";
import type { OrganizationNotifications } from "../../../api/clientNotifications.ts";
import { MeContext } from "../../../api/session.ts";
import { me } from "../../../test.fixtures.ts";
import { NotificationsPage } from "./NotificationsPage.tsx";
import { matrix } from "./test.fixtures.ts";

let stored: OrganizationNotifications;
let puts: unknown[];

async function server(request: Request): Promise<Response> {
  if (request.method === "GET") return Response.json(stored);
  const body = (await request.json()) as { version: number; defaults?: { direct?: object } };
  puts.push(body);
  if (body.version !== stored.version) {
    const problem = { status: 409, code: "version_conflict", title: "Changed", current: stored };
    return Response.json(problem, { status: 409 });
  }
  const { defaults, ...rest } = body;
  const direct = { ...stored.defaults.direct, ...defaults?.direct };
  stored = { ...stored, ...rest, defaults: { ...stored.defaults, direct }, version: stored.version + 1 };
  return Response.json(stored);
}

beforeEach(() => {
  stored = {
    version: 1,
    defaults: matrix("on"),
    name_in_notifications: false,
    names_for_staff: false,
    can_change: true,
  };
  puts = [];
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

it("sets what new clients get and what notifications may say, and keeps both people's changes", async () => {
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={me()}>
        <NotificationsPage />
      </MeContext>
    </QueryClientProvider>,
  );
  fireEvent.click(await screen.findByRole("switch", { name: "Direct messages by email" }));
  expect(screen.getByText("Not saved. Was on")).toBeTruthy();
  expect(screen.getByText(/apply to clients added from now on/)).toBeTruthy();
  stored = { ...stored, version: 2, names_for_staff: true };
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Someone changed this a moment ago.");
  fireEvent.click(screen.getByRole("switch", { name: "The practice’s name may stand in notifications" }));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("No changes");
  expect(puts).toEqual([
    { version: 1, defaults: { direct: { email: "off" } } },
    { version: 2, defaults: { direct: { email: "off" } }, name_in_notifications: true },
  ]);
  expect(stored).toMatchObject({ names_for_staff: true, defaults: { direct: { email: "off" } } });
});
