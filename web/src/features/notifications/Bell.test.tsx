import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { keys } from "../../api/keys.ts";
import { type BellNotice, type Notices, withNotice } from "../../api/notices.ts";
import type { BellNotices } from "../../api/types.ts";
import { liveStatus } from "../../live/status.ts";
import { Bell } from "./Bell.tsx";
import { NoticeToasts } from "./NoticeToasts.tsx";
import { noticeToasts, showNotice } from "./toasts.ts";

const notice = (id: string, over: Partial<BellNotice> = {}): BellNotice => ({
  id,
  kind: "direct",
  conversation_id: `c-${id}`,
  title: `Person ${id}`,
  seq: 4,
  count: 1,
  at: "2026-11-18T17:00:00.000Z",
  read: false,
  ...over,
});

let page: BellNotices;
let status: number;
let reads: unknown[];

async function server(request: Request): Promise<Response> {
  if (status !== 200) return Response.json({ status, code: "forbidden", title: "No" }, { status });
  if (request.method === "GET") return Response.json(page);
  const body = (await request.json()) as { ids?: string[] };
  reads.push(body);
  return Response.json({ ids: body.ids ?? [], unread: body.ids ? 1 : 0 });
}

// What is loaded when it is first opened is there at once.
beforeAll(() => import("./BellPanel.tsx"));

beforeEach(() => {
  page = {
    items: [
      notice("a", { count: 3 }),
      notice("b", { kind: "mention" }),
      notice("c", { read: true, kind: "reminder" }),
    ],
    unread: 2,
    has_more: false,
  };
  status = 200;
  reads = [];
  vi.stubGlobal("fetch", server);
  queryClient.setQueryData(keys.noticeCount, 2);
  window.history.replaceState(null, "", "/clients");
});
afterEach(() => {
  queryClient.clear();
  noticeToasts.set([]);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const show = () =>
  render(
    <QueryClientProvider client={queryClient}>
      <Bell />
    </QueryClientProvider>,
  );
const open = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const lines = async () =>
  within(await screen.findByRole("list", { name: "Notifications" })).getAllByRole("link");

describe("the bell", () => {
  it("asks for nothing until it is opened: the live connection counts", async () => {
    const asked = vi.fn(server);
    vi.stubGlobal("fetch", asked);
    show();
    await screen.findByRole("button", { name: "Notifications, 2 unread" });
    expect(asked).not.toHaveBeenCalled();
    act(() => void queryClient.setQueryData(keys.noticeCount, 5));
    await open("Notifications, 5 unread");
    await lines();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("asks itself where there is no live connection", async () => {
    page = { ...page, unread: 4 };
    act(() => liveStatus.set("lost"));
    queryClient.setQueryData(keys.noticeCount, 0);
    show();
    expect(await screen.findByRole("button", { name: "Notifications, 4 unread" })).toBeTruthy();
    act(() => liveStatus.set("connecting"));
  });

  it("counts, and lists kind, title and what is unread", async () => {
    show();
    await open("Notifications, 2 unread");
    const texts = (await lines()).map((l) => l.textContent);
    expect(texts[0]).toContain("Person a3 new messages");
    expect(texts[1]).toContain("Person bYou were mentioned");
    expect(texts[2]).toContain("Person cWaiting for an answer");
    expect(texts.map((t) => t?.includes("Unread"))).toEqual([true, true, false]);
  });

  it("opens a conversation, and that one is read", async () => {
    show();
    await open("Notifications, 2 unread");
    fireEvent.click((await lines())[1] as HTMLElement);
    expect(window.location.pathname + window.location.search).toBe("/inbox/c-b?m=4");
    await waitFor(() => expect(reads).toEqual([{ ids: ["b"] }]));
    expect(await screen.findByRole("button", { name: "Notifications, 1 unread" })).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("marks all as read", async () => {
    show();
    await open("Notifications, 2 unread");
    fireEvent.click(await screen.findByRole("button", { name: "Mark all as read" }));
    await waitFor(() => expect(reads).toEqual([{ all: true }]));
    expect((await lines()).some((l) => l.textContent?.includes("Unread"))).toBe(false);
  });

  it("takes in what comes while it is open", async () => {
    show();
    await open("Notifications, 2 unread");
    await lines();
    act(() => {
      queryClient.setQueryData<Notices>(keys.notices, (l) => l && withNotice(l, notice("d")));
    });
    await waitFor(async () => expect(await lines()).toHaveLength(4));
  });

  it("says when there is nothing, and when it could not be had", async () => {
    status = 403;
    queryClient.setQueryData(keys.noticeCount, 0);
    show();
    await open("Notifications");
    const again = await screen.findByRole("button", { name: "Try again" });
    status = 200;
    page = { items: [], unread: 0, has_more: false };
    fireEvent.click(again);
    expect(await screen.findByText("No notifications")).toBeTruthy();
  });
});

describe("a notice in sight", () => {
  const shown = () => screen.queryAllByRole("link").map((l) => l.textContent);

  it("says from where and no more, opens, and can be sent away", () => {
    render(<NoticeToasts />);
    act(() => showNotice(notice("a")));
    act(() => showNotice(notice("b", { seq: null })));
    expect(shown()).toEqual(["Person bNew message", "Person aNew message"]);
    fireEvent.click(screen.getByRole("button", { name: "Dismiss: Person a" }));
    expect(shown()).toEqual(["Person bNew message"]);
    fireEvent.click(screen.getByRole("link"));
    expect(window.location.pathname + window.location.search).toBe("/inbox/c-b");
    expect(shown()).toEqual([]);
  });

  it("goes by itself, but not while someone is at it", () => {
    vi.useFakeTimers();
    render(<NoticeToasts />);
    act(() => showNotice(notice("a")));
    act(() => vi.advanceTimersByTime(7_000));
    fireEvent.focus(screen.getByRole("link"));
    act(() => vi.advanceTimersByTime(60_000));
    expect(shown()).toHaveLength(1);
    fireEvent.blur(screen.getByRole("link"));
    act(() => vi.advanceTimersByTime(1_100));
    expect(shown()).toEqual([]);
  });
});
