import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../../api/cache.ts";
import { toast } from "../../../ui/toast.ts";
import { BulkDialog } from "./BulkDialog.tsx";
import { change } from "./test.fixtures.ts";

let asked: { method: string; url: string; body: unknown }[];
let looks: number;
let refuse: string;

/** A server where a change of many takes a look or two. */
async function server(request: Request): Promise<Response> {
  const url = new URL(request.url).pathname.replace("/api/v1/notifications/", "");
  const body = request.method === "POST" ? await request.json().catch(() => null) : null;
  asked.push({ method: request.method, url, body });
  if (url === "changes/preview") {
    const sample = [{ client_id: "u-maya", name: "Maya Lindqvist", outcome: "changed" }];
    const own = (body as { include_own?: boolean }).include_own === true;
    const counts = { changed: own ? 37 : 34, keeps_own: own ? 0 : 3, keeps_group: 0, unchanged: 4 };
    return Response.json({ token: `t-${asked.length}`, total: 41, ...counts, sample });
  }
  if (url === "changes" && refuse) {
    const problem = { status: 409, code: refuse, title: "Changed", detail: "" };
    refuse = "";
    return Response.json(problem, { status: 409 });
  }
  if (url === "changes") return Response.json(change({ state: "applying", done: 0 }), { status: 202 });
  if (url.endsWith("/undo"))
    return Response.json(
      change({ state: "undone", restored: 33, left: 1, left_sample: [{ client_id: "u", name: "Ana" }] }),
    );
  return Response.json(--looks > 0 ? change({ state: "applying", done: 12 }) : change());
}

beforeEach(() => {
  asked = [];
  looks = 2;
  refuse = "";
  toast.set(null);
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

const close = vi.fn();
const applied = vi.fn();
function show(): void {
  close.mockReset();
  applied.mockReset();
  render(
    <QueryClientProvider client={queryClient}>
      <BulkDialog clients={{ all: true }} about="41 clients" close={close} applied={applied} />
    </QueryClientProvider>,
  );
}
const choose = (name: string, value: string) =>
  fireEvent.click(within(screen.getByRole("radiogroup", { name })).getByRole("radio", { name: value }));

describe("notifications of many clients", () => {
  it("are previewed, applied with their progress, and can be taken back", async () => {
    show();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Choose what to change" }).disabled).toBe(
      true,
    );
    choose("Direct messages by email", "Off");
    choose("Community chats by push", "Not set");
    const confirm = await screen.findByRole("button", { name: "Change for 34 clients" });
    expect(screen.getByText("As their own. Maya Lindqvist and 33 more")).toBeTruthy();
    expect(screen.getByText("have their own setting and keep it")).toBeTruthy();
    expect(asked.at(-1)?.body).toEqual({
      clients: { all: true },
      place: "own",
      set: { direct: { email: "off" }, community: { push: "unset" } },
    });
    expect(asked.some((a) => a.url === "changes")).toBe(false);
    fireEvent.click(confirm);
    const bar = await screen.findByRole("progressbar", { name: "Clients changed" });
    expect(bar.getAttribute("aria-valuemax")).toBe("41");
    expect(applied).toHaveBeenCalledOnce();
    await screen.findByText("12 of 41 done.");
    await waitFor(() => expect(close).toHaveBeenCalledOnce(), { timeout: 3000 });
    expect(toast.get()?.text).toBe("Notifications changed for 34 clients.");
    toast.get()?.undo?.();
    await waitFor(() =>
      expect(toast.get()?.text).toBe("Taken back for 33 clients. Changed since and left as is: Ana."),
    );
  });

  it("are looked at again where somebody changed them meanwhile", async () => {
    show();
    choose("Direct messages by push", "On");
    refuse = "version_conflict";
    fireEvent.click(await screen.findByRole("button", { name: "Change for 34 clients" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Somebody changed these clients");
    await waitFor(() => expect(asked.filter((a) => a.url === "changes/preview")).toHaveLength(2));
    expect(applied).not.toHaveBeenCalled();
  });

  it("change own settings too where that is asked for, or where they are only cleared", async () => {
    show();
    choose("Direct messages by push", "On");
    fireEvent.click(await screen.findByRole("checkbox", { name: "Change the 3 with their own setting too" }));
    await screen.findByRole("button", { name: "Change for 37 clients" });
    expect(asked.at(-1)?.body).toMatchObject({ include_own: true });
    choose("Direct messages by push", "Not set");
    await waitFor(() => expect(asked.at(-1)?.body).toMatchObject({ set: { direct: { push: "unset" } } }));
    expect(asked.at(-1)?.body).toMatchObject({ include_own: true });
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  it("say what is chosen no more is not changed", async () => {
    show();
    choose("Direct messages by push", "On");
    await screen.findByRole("button", { name: "Change for 34 clients" });
    choose("Direct messages by push", "Leave");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Choose what to change" }).disabled).toBe(
      true,
    );
  });
});
