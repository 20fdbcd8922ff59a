import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import type { PushDevice } from "../../api/push.ts";
import { deviceName } from "../../lib/device.ts";
import { PushRefused, pushStanding, subscribe } from "../../lib/push.ts";
import { toast } from "../../ui/toast.ts";
import { DevicesCard } from "./DevicesCard.tsx";

vi.mock("../../lib/push.ts", async (original) => ({
  ...(await original<object>()),
  pushStanding: vi.fn(),
  subscribe: vi.fn(),
  endpointHere: async () => "https://push.example/here",
  unsubscribe: vi.fn(),
}));

let devices: PushDevice[];
let asked: string[];

async function server(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === "GET") return Response.json({ public_key: "AAAA", subscriptions: devices });
  asked.push(`${request.method} ${pathname}${searchParams.get("endpoint") ?? ""}`);
  if (pathname.endsWith("/test")) return Response.json({ devices: 2, taken: 1 });
  if (request.method === "POST") devices = [...devices, device("d-9", (await request.json()) as PushDevice)];
  else devices = devices.filter((d) => !pathname.endsWith(d.id));
  return new Response(null, { status: 204 });
}

const device = (id: string, over: Partial<PushDevice> = {}): PushDevice => ({
  device: "Chrome on Android",
  created_at: "2026-11-18T17:00:00.000Z",
  last_sent_at: null,
  ...over,
  id,
});

beforeEach(() => {
  devices = [];
  asked = [];
  vi.stubGlobal("fetch", server);
  vi.mocked(pushStanding).mockResolvedValue("off");
  vi.mocked(subscribe).mockResolvedValue({
    endpoint: "https://push.example/here",
    keys: { p256dh: "p", auth: "a" },
  });
});
afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
});

const show = () =>
  render(
    <QueryClientProvider client={queryClient}>
      <DevicesCard />
    </QueryClientProvider>,
  );
const button = (name: string | RegExp) => screen.findByRole("button", { name });
const turnOn = async () => {
  fireEvent.click(await button(/^Turn on push/));
  fireEvent.click(await button("Yes, turn it on"));
};

describe("push on devices", () => {
  it("is asked for only after a clear question", async () => {
    show();
    fireEvent.click(await button(/^Turn on push/));
    expect(subscribe).not.toHaveBeenCalled();
    fireEvent.click(await button("Not now"));
    expect(subscribe).not.toHaveBeenCalled();
    await turnOn();
    await waitFor(() => expect(asked).toEqual(["POST /api/v1/me/push"]));
    expect(subscribe).toHaveBeenCalledExactlyOnceWith("AAAA");
    expect(await screen.findByRole("listitem")).toBeTruthy();
  });

  it("says why it did not work, and can be tried again", async () => {
    vi.mocked(subscribe).mockRejectedValue(new PushRefused("no_service"));
    show();
    await turnOn();
    expect((await screen.findByRole("alert")).textContent).toContain("could not reach its push service");
    expect(await button(/^Turn on push/)).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it.each([
    ["blocked", /blocks notifications/],
    ["install", /needs the installed app/],
    ["unsupported", /has no push/],
  ] as const)("%s: says what to do, and asks for nothing", async (standing, words) => {
    vi.mocked(pushStanding).mockResolvedValue(standing);
    show();
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Turn on/ })).toBeNull();
  });

  it("lists several devices, tests them and removes one", async () => {
    devices = [device("d-1"), device("d-2", { device: "Firefox on Linux" })];
    show();
    expect(await screen.findAllByRole("listitem")).toHaveLength(2);
    fireEvent.click(await button("Send a test"));
    await waitFor(() => expect(toast.get()?.text).toBe("1 of 2 devices could be reached."));
    fireEvent.click(await button("Remove Firefox on Linux"));
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(asked).toEqual(["POST /api/v1/me/push/test", "DELETE /api/v1/me/push/d-2"]);
  });

  it("is off where the device was removed elsewhere", async () => {
    vi.mocked(pushStanding).mockResolvedValue("on");
    devices = [device("d-1", { device: "Firefox on a far machine" })];
    show();
    expect(await button(/^Turn on push/)).toBeTruthy();
  });

  it("is turned off here, on the server as well", async () => {
    vi.mocked(pushStanding).mockResolvedValue("on");
    devices = [device("d-1", { device: deviceName() })];
    show();
    fireEvent.click(await button("Turn off on this device"));
    await waitFor(() => expect(asked).toEqual(["DELETE /api/v1/me/pushhttps://push.example/here"]));
  });
});
