import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import type { Preferences } from "../../api/preferences.ts";
import type { MyNotificationsEdit } from "../../api/types.ts";
import { MeContext } from "../../api/session.ts";
import { play } from "../../lib/sound.ts";
import { me } from "../../test.fixtures.ts";
import { NotificationsPage } from "./NotificationsPage.tsx";
import { preferences } from "./test.fixtures.ts";

vi.mock("../../lib/sound.ts", () => ({ mayPlay: () => true, play: vi.fn(async () => true) }));

let stored: Preferences;
let puts: MyNotificationsEdit[];

/** A server with one person's preferences, that refuses old versions. */
async function server(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/api/v1/me/push") return Response.json({ public_key: "AAAA", subscriptions: [] });
  if (request.method === "GET") return Response.json(stored);
  const body = (await request.json()) as MyNotificationsEdit;
  puts.push(body);
  if (body.version !== stored.version) {
    const problem = { status: 409, code: "version_conflict", title: "Changed", current: stored };
    return Response.json(problem, { status: 409 });
  }
  stored = { ...stored, ...(body as object), kinds: stored.kinds, version: stored.version + 1 };
  return Response.json(stored);
}

const all = { email: true, push: true, in_app: true };

beforeEach(() => {
  stored = preferences();
  puts = [];
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
});

const show = () =>
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={me({ user: { ...me().user, kind: "client" } as never })}>
        <NotificationsPage />
      </MeContext>
    </QueryClientProvider>,
  );
const box = (name: string) => screen.findByRole<HTMLInputElement>("checkbox", { name });
const save = () => fireEvent.click(screen.getByRole("button", { name: "Save" }));

describe("one’s own notifications", () => {
  it("are saved cell by cell", async () => {
    show();
    fireEvent.click(await box("Direct messages: Email"));
    fireEvent.click(await box("Community chats: Push"));
    expect(screen.getByText("2 changes not saved")).toBeTruthy();
    save();
    await screen.findByText("No changes");
    expect(puts).toEqual([{ version: 1, kinds: { direct: { email: false }, community: { push: false } } }]);
  });

  it("show what the practice does not allow, grey and with the reason", async () => {
    stored = preferences({ allowed: { direct: all, community: { ...all, email: false } } });
    show();
    const closed = await box("Community chats: Email");
    expect(closed.disabled).toBe(true);
    expect(closed.checked).toBe(false);
    const why = document.getElementById(closed.getAttribute("aria-describedby") ?? "");
    expect(why?.textContent).toContain("turned off by your practice");
    expect((await box("Direct messages: Email")).disabled).toBe(false);
    expect(screen.queryByRole("checkbox", { name: /Reminders|Team/ })).toBeNull();
  });

  it("keep what was changed here where another device was first", async () => {
    show();
    fireEvent.click(await box("Direct messages: Email"));
    stored = { ...stored, version: 2, digest: "daily" };
    save();
    expect((await screen.findByRole("alert")).textContent).toContain("changed this a moment ago");
    expect((await box("Direct messages: Email")).checked).toBe(false);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /Once a day/ }).checked).toBe(true);
    save();
    await screen.findByText("No changes");
    const edit = { kinds: { direct: { email: false } } };
    expect(puts).toEqual([
      { version: 1, ...edit },
      { version: 2, ...edit },
    ]);
  });

  it("have quiet hours that make sense", async () => {
    show();
    fireEvent.click(await screen.findByRole("switch", { name: "Keep quiet hours" }));
    expect(screen.getByText("On the next day")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Until"), { target: { value: "22:00" } });
    expect(screen.getByRole("alert").textContent).toContain("must differ");
    save();
    expect(puts).toEqual([]);
    fireEvent.change(screen.getByLabelText("Until"), { target: { value: "06:30" } });
    const days = screen.getByRole("group", { name: "On nights that begin on" });
    fireEvent.click(within(days).getByRole("checkbox", { name: "Saturday" }));
    save();
    await screen.findByText("No changes");
    expect(puts[0]?.quiet).toEqual({
      on: true,
      from: "22:00",
      to: "06:30",
      days: ["mon", "tue", "wed", "thu", "fri", "sun"],
    });
  });

  it("let a sound be heard before it is chosen", async () => {
    show();
    fireEvent.click(await screen.findByRole("button", { name: "Hear Knock" }));
    expect(play).toHaveBeenCalledWith("knock");
    fireEvent.click(screen.getByRole("radio", { name: "No sound" }));
    save();
    await screen.findByText("No changes");
    expect(puts[0]?.sound).toBe("none");
  });
});
