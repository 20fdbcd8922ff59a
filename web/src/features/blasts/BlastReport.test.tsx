import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { MeContext } from "../../api/session.ts";
import type { Blast } from "../../api/types.ts";
import { me } from "../../test.fixtures.ts";
import { toast } from "../../ui/toast.ts";
import { BlastReport } from "./BlastReport.tsx";
import { blast } from "./test.fixtures.ts";

let acts: string[];
let answer: (act: string) => Response;

async function server(request: Request): Promise<Response> {
  const path = new URL(request.url, "http://hearth.test").pathname;
  if (request.method === "GET") return Response.json({ items: [], next_cursor: null });
  const act = path.split("/").at(-1) ?? "";
  acts.push(act);
  return answer(act);
}

beforeEach(() => {
  acts = [];
  answer = () => Response.json(blast({ state: "paused" }));
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  toast.set(null);
  vi.unstubAllGlobals();
});

function show(over: Partial<Blast> = {}): void {
  render(
    <MeContext value={me()}>
      <QueryClientProvider client={queryClient}>
        <BlastReport blast={blast(over)} />
      </QueryClientProvider>
    </MeContext>,
  );
}

const button = (name: string) => screen.queryByRole("button", { name });
const none = { edit: false, pause: false, resume: false, cancel: false };

describe("the page of a blast", () => {
  it("under way shows its numbers and can be paused", async () => {
    show();
    const bar = screen.getByRole("progressbar", { name: "Messages sent" });
    expect([bar.getAttribute("aria-valuenow"), bar.getAttribute("aria-valuemax")]).toEqual(["4", "9"]);
    expect(screen.getByText("About 2 minutes left")).toBeTruthy();
    expect(screen.getByText(/No message was made for these clients/)).toBeTruthy();
    fireEvent.click(button("Pause") as HTMLElement);
    await waitFor(() => expect(toast.get()?.text).toBe("Paused."));
    expect(acts).toEqual(["pause"]);
  });

  it("says why it could not be paused", async () => {
    answer = () =>
      Response.json({ status: 409, code: "version_conflict", detail: "It is sent by now." }, { status: 409 });
    show();
    fireEvent.click(button("Pause") as HTMLElement);
    await waitFor(() => expect(toast.get()?.text).toBe("It is sent by now."));
  });

  it("paused can be resumed, and says that nothing is sent", () => {
    show({ state: "paused", seconds_left: null, may: { ...none, resume: true, cancel: true } });
    expect(button("Resume")).toBeTruthy();
    expect(button("Pause")).toBeNull();
    expect(screen.getByText(/Nothing is sent until someone resumes it/)).toBeTruthy();
  });

  it("sent offers nothing to do but what is on record", () => {
    show({ state: "sent", sent: 9, pending: 0, seconds_left: null, may: none });
    for (const name of ["Pause", "Resume", "Cancel the rest"]) expect(button(name)).toBeNull();
    expect(screen.getByText("10 chosen, 9 sent, 1 skipped.")).toBeTruthy();
    expect(screen.getByRole("link", { name: "CSV" }).getAttribute("href")).toBe("/api/v1/blasts/b-1/outcome");
  });

  it("within its grace offers only to take it back", async () => {
    answer = () => Response.json(blast({ state: "cancelled", sent: 0 }));
    show({
      state: "scheduled",
      sent: 0,
      skipped: 0,
      pending: 10,
      started_at: null,
      grace_until: new Date(Date.now() + 9_000).toISOString(),
      may: { ...none, edit: true, cancel: true },
    });
    expect(button("Cancel the rest")).toBeNull();
    expect(screen.getByText(/Nobody has been written to yet/)).toBeTruthy();
    fireEvent.click(button("Take it back") as HTMLElement);
    await waitFor(() => expect(toast.get()?.text).toContain("Nobody got it"));
    expect([acts, window.location.pathname]).toEqual([["cancel"], "/blasts/new"]);
  });

  it("whose grace ran out before Undo says how many have it", async () => {
    answer = () => Response.json(blast({ state: "cancelled", sent: 3 }));
    show({ state: "scheduled", grace_until: new Date(Date.now() + 9_000).toISOString() });
    fireEvent.click(button("Take it back") as HTMLElement);
    await waitFor(() => expect(toast.get()?.text).toContain("3 people have got it"));
    expect(window.location.pathname).toBe("/blasts/b-1");
  });
});
