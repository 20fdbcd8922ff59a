import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { MeContext } from "../../api/session.ts";
import type { Notice, OrganizationAccess } from "../../api/types.ts";
import { me } from "../../test.fixtures.ts";
import { NoticesPage } from "./NoticesPage.tsx";
import { priya } from "./test.fixtures.ts";

const blank: Notice = { title: "", body: "", phone: "", hours: "", emergency: "" };

let stored: OrganizationAccess;
let puts: { version: number; notice: Notice }[];
let refuse: number;

/** A server that holds one practice's settings and refuses old versions. */
async function server(request: Request): Promise<Response> {
  if (refuse > 0)
    return Response.json({ status: refuse, code: "forbidden", title: "No" }, { status: refuse });
  if (request.method === "GET") return Response.json(stored);
  const body = (await request.json()) as (typeof puts)[number];
  puts.push(body);
  if (body.version !== stored.version) {
    const problem = { status: 409, code: "version_conflict", title: "Changed", current: stored };
    return Response.json(problem, { status: 409 });
  }
  stored = { ...stored, version: stored.version + 1, notice: { ...stored.notice, ...body.notice } };
  return Response.json(stored);
}

beforeEach(() => {
  stored = {
    version: 1,
    direct: "on",
    community: "on",
    notice: blank,
    default_notice: { ...blank, title: "Messaging is turned off", body: "Read on.", emergency: "911" },
    direct_changed: null,
    community_changed: null,
  } as OrganizationAccess;
  puts = [];
  refuse = 0;
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

const show = () =>
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={me()}>
        <NoticesPage />
      </MeContext>
    </QueryClientProvider>,
  );
const field = (label: string) => screen.findByLabelText<HTMLInputElement>(label);
const type = async (label: string, value: string) =>
  fireEvent.change(await field(label), { target: { value } });
const save = () => fireEvent.click(screen.getByRole("button", { name: "Save" }));

describe("settings that several people edit", () => {
  it("are saved on the version they were made on", async () => {
    show();
    await type("Phone", "555 0142");
    expect(screen.getByText("Call 555 0142")).toBeTruthy();
    save();
    await screen.findByText("No changes");
    expect(puts).toEqual([{ version: 1, notice: { ...blank, phone: "555 0142" } }]);
  });

  it("keep what was typed where someone else was first, and save it on theirs", async () => {
    show();
    await type("Phone", "555 0142");
    stored = {
      ...stored,
      version: 2,
      direct_changed: { by: priya, at: "2026-11-12T22:41:00.000Z" } as never,
    };
    save();
    expect((await screen.findByRole("alert")).textContent).toContain("Priya Raghunathan changed this");
    expect((await field("Phone")).value).toBe("555 0142");
    save();
    await screen.findByText("No changes");
    expect(puts.map((p) => p.version)).toEqual([1, 2]);
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  });

  it("say why they could not be saved, until the edit is given up", async () => {
    show();
    await type("Phone", "555 0142");
    refuse = 403;
    save();
    expect(await screen.findByRole("alert")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.queryByRole("alert")).toBeNull();
    expect((await field("Phone")).value).toBe("");
  });
});

it("says so where the settings could not be had, and tries again", async () => {
  refuse = 403;
  show();
  const again = await screen.findByRole("button", { name: "Try again" });
  refuse = 0;
  fireEvent.click(again);
  expect(await field("Phone")).toBeTruthy();
});
