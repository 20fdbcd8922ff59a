import type { ClientFrame, Hello, LiveEvent } from "./events.ts";

/** What the connection tells; nothing of it is kept here. */
export interface LivePorts {
  /** The server greeted: what was missed until now must be fetched. */
  opened(hello: Hello): void;
  closed(): void;
  event(event: LiveEvent): void;
  /** The session is over and will not come back by itself. */
  ended(reason: string): void;
}

export interface LiveSocket {
  /** Says something that may be lost; silently dropped while there is no connection. */
  say(frame: ClientFrame): void;
  /** Connects now instead of when the pause is over. */
  retry(): void;
  close(): void;
}

/** Close codes of the contract. */
const sessionOver = 4001;
const tooSlow = 4008;

const firstPause = 500;
const longestPause = 10_000;

/** The pause before the nth try in a row: doubling, at most ten seconds, with jitter so that not all come at once. */
export function pause(tries: number, random: () => number = Math.random): number {
  const most = Math.min(longestPause, firstPause * 2 ** tries);
  return most / 2 + (random() * most) / 2;
}

/**
 * Keeps one connection to the live endpoint. It reconnects by itself, at once
 * when the network or the page comes back, and stops for good when the session
 * has ended or close is called.
 */
export function openLive(url: string, ports: LivePorts, Socket: typeof WebSocket = WebSocket): LiveSocket {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let stopped = false;

  function connect(): void {
    clearTimeout(timer);
    if (stopped || socket) return;
    const mine = new Socket(url, ["hearth.v1"]);
    socket = mine;
    mine.onmessage = (message) => {
      if (mine === socket) receive(String(message.data));
    };
    mine.onclose = (close) => {
      if (mine === socket) lost(close.code, close.reason);
    };
  }

  function receive(text: string): void {
    const frame = parse(text);
    if (!frame) return;
    if (frame.type === "hello") {
      tries = 0;
      ports.opened(frame as Hello);
    } else if ("data" in frame) ports.event(frame as LiveEvent);
  }

  function lost(code: number, reason: string): void {
    socket = null;
    if (stopped) return;
    if (code === sessionOver) {
      stop();
      ports.ended(reason || "ended");
      return;
    }
    ports.closed();
    // Dropped for being slow: the connection itself is fine, only catch up.
    timer = setTimeout(connect, code === tooSlow && tries === 0 ? 0 : pause(tries));
    tries += 1;
  }

  function retry(): void {
    if (stopped || socket?.readyState === Socket.OPEN) return;
    tries = 0;
    drop();
    connect();
  }

  /** A connection that hangs in "connecting" from before the network went is let go. */
  function drop(): void {
    const old = socket;
    socket = null;
    old?.close();
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    window.removeEventListener("online", retry);
    window.removeEventListener("offline", offline);
    document.removeEventListener("visibilitychange", onVisible);
    drop();
  }

  function offline(): void {
    if (stopped) return;
    drop();
    ports.closed();
  }

  function onVisible(): void {
    if (document.visibilityState === "visible") retry();
  }

  window.addEventListener("online", retry);
  window.addEventListener("offline", offline);
  document.addEventListener("visibilitychange", onVisible);
  connect();

  return {
    say(frame) {
      if (socket?.readyState === Socket.OPEN) socket.send(JSON.stringify(frame));
    },
    retry,
    close: stop,
  };
}

function parse(text: string): { type: string } | null {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null && "type" in frame
      ? (frame as { type: string })
      : null;
  } catch {
    return null;
  }
}
