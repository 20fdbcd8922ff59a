import { describe, expect, it } from "vitest";
import { message } from "../test.fixtures.ts";
import {
  addMessage,
  append,
  lastSeq,
  mergeMessages,
  mostHeld,
  prepend,
  replaceMessage,
  type Thread,
} from "./thread.ts";

const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
const seqs = (t: Thread) => t.items.map((m) => m.seq);

describe("merging", () => {
  it("starts with what comes first", () => {
    expect(mergeMessages(undefined, run(51, 100), true)).toEqual({ items: run(51, 100), hasMore: true });
  });

  it("puts an older page in front and takes over whether there is more", () => {
    const t = mergeMessages({ items: run(51, 60), hasMore: true }, run(41, 50), false);
    expect(seqs(t)).toEqual(run(41, 60).map((m) => m.seq));
    expect(t.hasMore).toBe(false);
  });

  it("appends what was missed without forgetting that there is more before", () => {
    const t = mergeMessages({ items: run(51, 60), hasMore: true }, run(61, 63), false);
    expect(lastSeq(t)).toBe(63);
    expect(t.hasMore).toBe(true);
  });

  it("never doubles, and lets the newer copy win", () => {
    const edited = message(60, { body: "edited" });
    const t = mergeMessages({ items: run(58, 60), hasMore: false }, [edited, message(61)], false);
    expect(seqs(t)).toEqual([58, 59, 60, 61]);
    expect(t.items[2]?.body).toBe("edited");
  });

  it("lets the old part go rather than show a gap", () => {
    const t = mergeMessages({ items: run(1, 10), hasMore: false }, run(200, 249), true);
    expect(seqs(t)[0]).toBe(200);
    expect(t.hasMore).toBe(true);
  });

  it("is not disturbed by nothing", () => {
    const t: Thread = { items: run(1, 3), hasMore: false };
    expect(mergeMessages(t, [], true)).toEqual(t);
  });
});

describe("a live message", () => {
  const held: Thread = { items: run(1, 3), hasMore: false };

  it("is appended when it is the next", () => {
    expect(addMessage(held, message(4))).toEqual({ items: run(1, 4), hasMore: false });
  });

  it("is a gap when one is missing before it", () => {
    expect(addMessage(held, message(5))).toBe("gap");
  });

  it("that is held already replaces itself", () => {
    const again = addMessage(held, message(2, { body: "again" }));
    expect(again).not.toBe("gap");
    expect((again as Thread).items.map((m) => m.body)).toEqual(["message 1", "again", "message 3"]);
  });

  it("from before what is held changes nothing", () => {
    const late: Thread = { items: run(5, 6), hasMore: true };
    expect(addMessage(late, message(2))).toBe(late);
  });
});

describe("a part of a conversation", () => {
  it("that does not reach the end takes no live message, and is not disturbed by one", () => {
    const part: Thread = { items: run(10, 12), hasMore: true, hasNewer: true };
    expect(addMessage(part, message(13))).toBe(part);
    expect(addMessage(part, message(99))).toBe(part);
  });

  it("grows both ways and lets go of what is far away", () => {
    const middle: Thread = { items: run(1_001, 1_000 + mostHeld), hasMore: true };
    const older = prepend(middle, run(951, 1_000), true);
    expect([seqs(older)[0], older.items.length, older.hasNewer]).toEqual([951, mostHeld, true]);
    const newer = append(older, run(951 + mostHeld, 1_000 + mostHeld), false);
    expect([seqs(newer)[0], lastSeq(newer), newer.hasMore, newer.hasNewer]).toEqual([
      1_001,
      1_000 + mostHeld,
      true,
      false,
    ]);
  });

  it("shows what became of a message also where it is quoted, and keeps its own quote", () => {
    const quoted = { id: "m-1", seq: 1, author: message(1).author, body: "message 1", deleted: false };
    const held: Thread = { items: [message(1), message(2, { reply_to: "m-1", quoted })], hasMore: false };
    const deleted = replaceMessage(held, message(1, { body: "", deleted_at: "2026-11-22T10:00:00.000Z" }));
    expect(deleted.items[1]?.quoted).toMatchObject({ body: "", deleted: true });
    const reacted = replaceMessage(held, message(2, { reply_to: "m-1", quoted: null }));
    expect(reacted.items[1]?.quoted).toEqual(quoted);
    expect(replaceMessage(held, message(7))).toBe(held);
  });
});
