import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bytesOf, PushRefused, pushStanding, subscribe, unsubscribe } from "./push.ts";

const key = "BAECAwQ";
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";

let held: {
  endpoint: string;
  options: { applicationServerKey: ArrayBuffer };
  unsubscribe(): Promise<boolean>;
} | null;
let refuses: boolean;
const made = vi.fn();

const manager = {
  getSubscription: async () => held,
  subscribe: async (options: { applicationServerKey: Uint8Array<ArrayBuffer>; userVisibleOnly: boolean }) => {
    if (refuses) throw new DOMException("no service", "AbortError");
    made(options);
    held = subscription(options.applicationServerKey.buffer);
    return held;
  },
};

function subscription(applicationServerKey: ArrayBuffer) {
  return {
    endpoint: "https://push.example/1",
    options: { applicationServerKey },
    toJSON: () => ({ endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: async () => {
      held = null;
      return true;
    },
  };
}

/** A browser with push, or without; with what its person answered. */
function browser(
  answer: NotificationPermission | null,
  agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/126",
): void {
  const worker = { pushManager: manager };
  const found = { getRegistration: async () => worker, ready: Promise.resolve(worker) };
  vi.stubGlobal("navigator", {
    userAgent: agent,
    maxTouchPoints: 0,
    ...(answer && { serviceWorker: found }),
  });
  if (!answer) return;
  vi.stubGlobal("PushManager", vi.fn());
  vi.stubGlobal("Notification", { permission: answer, requestPermission: async () => answer });
}

beforeEach(() => {
  held = null;
  refuses = false;
  made.mockClear();
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const name of ["PushManager", "Notification"]) Reflect.deleteProperty(window, name);
});

describe("push in a browser", () => {
  it("can be on, off, blocked or not there", async () => {
    browser(null);
    expect(await pushStanding()).toBe("unsupported");
    browser(null, iphone);
    expect(await pushStanding()).toBe("install");
    browser("denied");
    expect(await pushStanding()).toBe("blocked");
    browser("granted");
    expect(await pushStanding()).toBe("off");
    held = subscription(bytesOf(key).buffer);
    expect(await pushStanding()).toBe("on");
    await unsubscribe();
    expect(await pushStanding()).toBe("off");
  });

  it("is made for the server’s key, and made anew for another one", async () => {
    browser("granted");
    const keys = { endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } };
    held = subscription(Uint8Array.from([9, 9]).buffer);
    const old = vi.spyOn(held, "unsubscribe");
    expect(await subscribe(key)).toEqual(keys);
    expect(old).toHaveBeenCalledOnce();
    const options = made.mock.calls[0]?.[0] as { applicationServerKey: Uint8Array; userVisibleOnly: boolean };
    expect([...options.applicationServerKey]).toEqual([4, 1, 2, 3, 4]);
    expect(options.userVisibleOnly).toBe(true);
    const again = vi.spyOn(held as NonNullable<typeof held>, "unsubscribe");
    await subscribe(key);
    expect(again).not.toHaveBeenCalled();
  });

  it.each([
    ["denied", "blocked"],
    ["default", "later"],
  ] as const)("answered with %s it is %s, and nothing is made", async (answer, why) => {
    browser(answer);
    await expect(subscribe(key)).rejects.toEqual(new PushRefused(why));
    expect(made).not.toHaveBeenCalled();
  });

  it("says when the browser’s service is out of reach", async () => {
    browser("granted");
    refuses = true;
    await expect(subscribe(key)).rejects.toMatchObject({ why: "no_service" });
  });
});
