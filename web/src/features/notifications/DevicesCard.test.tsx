import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import type { PushDevice } from "../../api/push.ts";
import { deviceName } from "../../lib/device.ts";
import { PushRefused, pushStanding, subscribe, unsubscribe } from "../../lib/push.ts";
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
let here: string;

async function server(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === "GET") return Response.json({ public_key: "AAAA", subscriptions: devices });
  if (pathname.endsWith("/here"))
    return Response.json({ device: devices.find((d) => d.id === here) ?? null });
  asked.push(`${request.method} ${pathname}${searchParams.get("endpoint") ?? ""}`);
  if (pathname.endsWith("/test"))
    return Response.json({ devices: 1, taken: Number(!pathname.includes("d-2")) });
  if (request.method === "PATCH") {
    const { device: name } = (await request.json()) as PushDevice;
    const errors = [{ field: "device", code: "taken", detail: "Another of your devices has this name." }];
    if (devices.some((d) => d.device === name))
      return Response.json({ status: 422, code: "invalid", title: "No", errors }, { status: 422 });
    devices = devices.map((d) => (pathname.endsWith(d.id) ? { ...d, device: name } : d));
    return Response.json(devices[0]);
  }
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
  here = "";
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

  it("lists several devices, tests one and removes one", async () => {
    devices = [device("d-1"), device("d-2", { device: "Firefox on Linux" })];
    show();
    expect(await screen.findAllByRole("listitem")).toHaveLength(2);
    fireEvent.click(await button("Send a test to Firefox on Linux"));
    await waitFor(() => expect(toast.get()?.text).toBe("Firefox on Linux could not be reached."));
    fireEvent.click(await button("Send a test to Chrome on Android"));
    await waitFor(() => expect(toast.get()?.text).toContain("Sent to Chrome on Android."));
    fireEvent.click(await button("Remove Firefox on Linux"));
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(asked).toEqual([
      "POST /api/v1/me/push/d-2/test",
      "POST /api/v1/me/push/d-1/test",
      "DELETE /api/v1/me/push/d-2",
    ]);
  });

  it("says which one this is, not by its name", async () => {
    vi.mocked(pushStanding).mockResolvedValue("on");
    devices = [device("d-1", { device: deviceName() }), device("d-2", { device: "Kitchen" })];
    here = "d-2";
    show();
    await screen.findByText("This device");
    const [one, two] = screen.getAllByRole("listitem");
    expect(one?.textContent).not.toContain("This device");
    expect(two?.textContent).toContain("This device");
    expect(two?.textContent).toMatch(/Added .* no push yet/);
  });

  it("is renamed, unless another is called so", async () => {
    devices = [device("d-1"), device("d-2", { device: "Kitchen" })];
    show();
    fireEvent.click(await button("Rename Chrome on Android"));
    const field = screen.getByLabelText("Name of this device");
    expect(field.getAttribute("maxlength")).toBe("60");
    fireEvent.change(field, { target: { value: "Kitchen" } });
    fireEvent.click(await button("Save name"));
    expect(await screen.findByText("Another of your devices has this name.")).toBeTruthy();
    fireEvent.change(field, { target: { value: "Work phone" } });
    fireEvent.click(await button("Save name"));
    const rename = await button("Rename Work phone");
    expect(document.activeElement).toBe(rename);
    expect(asked).toEqual(["PATCH /api/v1/me/push/d-1", "PATCH /api/v1/me/push/d-1"]);
  });

  it("is off where the device is none of one's own, and the browser gives up what it has", async () => {
    vi.mocked(pushStanding).mockResolvedValue("on");
    devices = [device("d-1", { device: deviceName() })];
    show();
    expect(await button(/^Turn on push/)).toBeTruthy();
    expect(unsubscribe).toHaveBeenCalled();
  });

  it("is turned off here, on the server as well", async () => {
    vi.mocked(pushStanding).mockResolvedValue("on");
    devices = [device("d-1", { device: deviceName() })];
    here = "d-1";
    show();
    fireEvent.click(await button("Turn off on this device"));
    await waitFor(() => expect(asked).toEqual(["DELETE /api/v1/me/pushhttps://push.example/here"]));
  });
});
