import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/client.ts";
import type { Message } from "../api/types.ts";
import { message } from "../test.fixtures.ts";
import { createOutbox, type Outbox, type Unsent } from "./outbox.ts";

const silent = () => new ApiError(0, "unreachable", "");
const refused = (code: string, status = 403) => new ApiError(status, code, "no");

/** A server that answers as told, then accepts. */
class Server {
  posts: Unsent[] = [];
  answers: Error[] = [];
  stored: string[] = [];
  post = async (item: Unsent): Promise<Message> => {
    this.posts.push(item);
    const answer = this.answers.shift();
    if (answer) throw answer;
    if (!this.stored.includes(item.id)) this.stored.push(item.id);
    return message(this.stored.length, { id: item.id, body: item.body });
  };
}

let server: Server;
let online: boolean;
let sent: Message[];
let failed: Unsent[];
let outbox: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  online = true;
  sent = [];
  failed = [];
  outbox = createOutbox({
    post: server.post,
    sent: (m) => sent.push(m),
    refused: (item) => failed.push(item),
    online: () => online,
  });
});
afterEach(() => vi.useRealTimers());

const waiting = (id = "c-1") => outbox.store.get()[id] ?? [];
const settle = () => vi.advanceTimersByTimeAsync(60_000);

describe("sending", () => {
  it("shows at once, goes out, and is gone when it is stored", async () => {
    outbox.send("c-1", "hello");
    expect(waiting()).toMatchObject([{ body: "hello", state: "pending", waiting: false }]);
    await settle();
    expect(waiting()).toEqual([]);
    expect(sent.map((m) => m.body)).toEqual(["hello"]);
  });

  it("keeps the order in a conversation, one at a time", async () => {
    server.answers = [silent()];
    for (const body of ["one", "two", "three"]) outbox.send("c-1", body);
    await settle();
    expect(server.posts.map((p) => p.body)).toEqual(["one", "one", "two", "three"]);
  });

  it("repeats under the same id, so that it can not double", async () => {
    server.answers = [silent(), silent(), refused("internal", 500)];
    const item = outbox.send("c-1", "once");
    await settle();
    expect(server.posts.map((p) => p.id)).toEqual([item.id, item.id, item.id, item.id]);
    expect(server.stored).toEqual([item.id]);
  });

  it("is told at once that a rule of the conversation says wait", async () => {
    server.answers = [new ApiError(429, "rate_limited", "Twice an hour.", [], 2400)];
    outbox.send("c-1", "third");
    await settle();
    expect(server.posts).toHaveLength(1);
    expect(waiting()).toMatchObject([{ state: "failed", code: "rate_limited", detail: "Twice an hour." }]);
  });

  it("of one conversation does not wait for another", async () => {
    server.answers = [silent()];
    outbox.send("c-1", "stuck");
    outbox.send("c-2", "free");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((m) => m.body)).toEqual(["free"]);
  });
});

describe("without a network", () => {
  it("waits, says so, and goes on in order when it is back", async () => {
    online = false;
    outbox.send("c-1", "one");
    outbox.send("c-1", "two");
    await settle();
    expect(server.posts).toEqual([]);
    expect(waiting().map((u) => [u.state, u.waiting])).toEqual([
      ["pending", true],
      ["pending", true],
    ]);
    online = true;
    outbox.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((m) => m.body)).toEqual(["one", "two"]);
  });

  it("never gives up while nothing answers", async () => {
    server.answers = Array.from({ length: 40 }, silent);
    outbox.send("c-1", "patience");
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(failed).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});

describe("a refusal", () => {
  it("marks the message failed, keeps its text, and lets the next one go", async () => {
    server.answers = [refused("chat_unavailable")];
    outbox.send("c-1", "no");
    outbox.send("c-1", "yes");
    await settle();
    expect(waiting()).toMatchObject([{ body: "no", state: "failed", code: "chat_unavailable" }]);
    expect(failed).toHaveLength(1);
    expect(sent.map((m) => m.body)).toEqual(["yes"]);
  });

  it("can be tried again under the same id", async () => {
    server.answers = [refused("forbidden")];
    const item = outbox.send("c-1", "again");
    await settle();
    outbox.retry(item.id);
    expect(waiting()[0]?.state).toBe("pending");
    await settle();
    expect(server.stored).toEqual([item.id]);
    expect(waiting()).toEqual([]);
  });

  it("can be given up", async () => {
    server.answers = [refused("forbidden")];
    const item = outbox.send("c-1", "never mind");
    await settle();
    outbox.discard(item.id);
    expect(waiting()).toEqual([]);
  });

  it("by a server that answers 500 again and again is final in the end", async () => {
    server.answers = Array.from({ length: 9 }, () => refused("internal", 500));
    outbox.send("c-1", "broken");
    await settle();
    expect(waiting()[0]?.state).toBe("failed");
    expect(server.posts).toHaveLength(5);
  });
});

it("sends nothing of the person before after clear", async () => {
  online = false;
  outbox.send("c-1", "mine");
  outbox.clear();
  online = true;
  outbox.resume();
  await settle();
  expect(server.posts).toEqual([]);
});
