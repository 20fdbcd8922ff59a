import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LiveSocket, openLive, pause } from "./socket.ts";

class FakeSocket {
  static OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  onmessage: ((e: { data: string }) => void) | null = null;
  onclose: ((e: { code: number; reason: string }) => void) | null = null;
  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  hello() {
    this.readyState = 1;
    this.say({ type: "hello", user_id: "u", server_time: "", notices_unread: 2 });
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code: number, reason = "") {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

const ports = { opened: vi.fn(), closed: vi.fn(), event: vi.fn(), ended: vi.fn() };
let live: LiveSocket;
const made = () => FakeSocket.made;
const latest = () => made()[made().length - 1] as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  for (const port of Object.values(ports)) port.mockReset();
  live = openLive("ws://test/live", ports, FakeSocket as unknown as typeof WebSocket);
});
afterEach(() => {
  live.close();
  vi.useRealTimers();
});

describe("the live connection", () => {
  it("offers the protocol, greets, and passes events on", () => {
    expect(latest().protocols).toEqual(["hearth.v1"]);
    latest().hello();
    expect(ports.opened).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ notices_unread: 2 }));
    latest().say({ type: "typing", data: { conversation_id: "c" } });
    expect(ports.event).toHaveBeenCalledWith({ type: "typing", data: { conversation_id: "c" } });
  });

  it("survives what is not JSON", () => {
    latest().hello();
    latest().onmessage?.({ data: "{" });
    latest().onmessage?.({ data: "7" });
    expect(ports.event).not.toHaveBeenCalled();
  });

  it("comes back by itself and greets again", () => {
    latest().hello();
    latest().drop(1006);
    expect(ports.closed).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(500);
    expect(made()).toHaveLength(2);
    latest().hello();
    expect(ports.opened).toHaveBeenCalledTimes(2);
  });

  it("comes back at once after 4008", () => {
    latest().hello();
    latest().drop(4008);
    vi.advanceTimersByTime(0);
    expect(made()).toHaveLength(2);
  });

  it("stays away after 4001 and says why", () => {
    latest().hello();
    latest().drop(4001, "signed_out");
    expect(ports.ended).toHaveBeenCalledWith("signed_out");
    vi.advanceTimersByTime(60_000);
    window.dispatchEvent(new Event("online"));
    expect(made()).toHaveLength(1);
  });

  it("waits longer each time, at most ten seconds", () => {
    for (let i = 0; i < 12; i++) {
      latest().drop(1006);
      vi.advanceTimersByTime(10_000);
      expect(made()).toHaveLength(i + 2);
    }
    expect(pause(0, () => 1)).toBe(500);
    expect(pause(3, () => 1)).toBe(4_000);
    expect(pause(50, () => 1)).toBe(10_000);
    expect(pause(50, () => 0)).toBe(5_000);
  });

  it("tries at once when the network is back, not twice", () => {
    latest().drop(1006);
    latest();
    window.dispatchEvent(new Event("online"));
    expect(made()).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(made()).toHaveLength(2);
  });

  it("ignores the end of a socket it has given up", () => {
    const old = latest();
    old.hello();
    window.dispatchEvent(new Event("offline"));
    window.dispatchEvent(new Event("online"));
    latest().hello();
    ports.closed.mockReset();
    old.drop(1006);
    expect(ports.closed).not.toHaveBeenCalled();
    expect(made()).toHaveLength(2);
  });

  it("says nothing while there is no connection", () => {
    live.say({ type: "typing", conversation_id: "c" });
    expect(latest().sent).toEqual([]);
    latest().hello();
    live.say({ type: "typing", conversation_id: "c" });
    expect(latest().sent).toEqual(['{"type":"typing","conversation_id":"c"}']);
  });
});
