import { describe, expect, it } from "vitest";
import type { Message } from "../../api/types.ts";
import type { Unsent } from "../../live/outbox.ts";
import { leilani, message, noor } from "../../test.fixtures.ts";
import { type BubbleRow, buildRows, lastOwn, receipt, type Row, type ThreadView } from "./rows.ts";

const at = (iso: string) => ({ created_at: `2026-11-${iso}:00.000Z` });
const elias = { id: "u-elias", name: "Dr. Elias Brandt", kind: "staff" } as const;

function unsent(over: Partial<Unsent> = {}): Unsent {
  return {
    id: "x-1",
    conversationId: "c-1",
    body: "on its way",
    onBehalfOf: null,
    replyTo: null,
    attachments: [],
    createdAt: "2026-11-22T18:00:00.000Z",
    state: "pending",
    waiting: false,
    code: "",
    detail: "",
    ...over,
  };
}

function rows(messages: Message[], over: Partial<ThreadView> = {}): Row[] {
  return buildRows({
    messages,
    unsent: [],
    me: { id: noor.id, name: noor.name, staff: true },
    kind: "direct",
    newFrom: null,
    now: new Date("2026-11-22T18:00:00Z"),
    zone: "UTC",
    ...over,
  });
}

const read = (...readSeqs: number[]) => ({ kind: "direct", readSeqs, readBy: null });
const types = (list: Row[]) => list.map((r) => r.type).join(" ");
const bubbles = (list: Row[]) => list.filter((r): r is BubbleRow => r.type === "bubble");

describe("rows", () => {
  it("put a divider before each day of the reader's zone", () => {
    const list = rows([message(1, at("21T23:30")), message(2, at("22T00:30"))]);
    expect(types(list)).toBe("day bubble day bubble");
    expect(list[0]).toMatchObject({ label: "Yesterday" });
    const la = rows([message(1, at("21T23:30")), message(2, at("22T00:30"))], {
      zone: "America/Los_Angeles",
    });
    expect(types(la)).toBe("day bubble bubble");
  });

  it("group what one author writes within five minutes", () => {
    const list = bubbles(
      rows([message(1, at("22T10:00")), message(2, at("22T10:04")), message(3, at("22T10:10"))]),
    );
    expect(list.map((b) => [b.first, b.last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it("break the group at another author, an answer for a colleague, and a notice", () => {
    const t = at("22T10:00");
    const notice = message(4, { ...t, kind: "system", author: { id: null, name: "Hearth", kind: "system" } });
    const list = rows([
      message(1, { ...t, author: noor }),
      message(2, { ...t, author: elias }),
      message(3, { ...t, author: elias, on_behalf_of: { id: noor.id, name: noor.name } }),
      notice,
      message(5, { ...t, author: elias, on_behalf_of: { id: noor.id, name: noor.name } }),
    ]);
    expect(types(list)).toBe("day bubble bubble bubble event bubble");
    expect(bubbles(list).every((b) => b.first && b.last)).toBe(true);
  });

  it("say where the new ones begin, and start a group there", () => {
    const list = rows([message(1, at("22T10:00")), message(2, at("22T10:01"))], { newFrom: 2 });
    expect(types(list)).toBe("day bubble new bubble");
    expect(bubbles(list)[1]?.first).toBe(true);
  });

  it("set staff on one side in a direct thread, only oneself elsewhere", () => {
    const list = [
      message(1, { author: elias }),
      message(2, { author: noor }),
      message(3, { author: leilani }),
    ];
    expect(bubbles(rows(list)).map((b) => b.out)).toEqual([true, true, false]);
    expect(bubbles(rows(list, { kind: "community" })).map((b) => b.out)).toEqual([false, true, false]);
    const asClient = { id: leilani.id, name: leilani.name, staff: false };
    expect(bubbles(rows(list, { me: asClient })).map((b) => b.out)).toEqual([false, false, true]);
  });

  it("end with what is not stored yet, and show nothing twice", () => {
    const list = rows([message(1, { id: "x-1", author: noor })], {
      unsent: [unsent(), unsent({ id: "x-2", state: "failed" })],
    });
    expect(bubbles(list).map((b) => [b.key, b.state, b.seq])).toEqual([
      ["x-1", "sent", 1],
      ["x-2", "failed", null],
    ]);
  });

  it("keep no text of what was deleted as edited", () => {
    const gone = message(1, {
      body: "",
      deleted_at: "2026-11-22T10:00:00Z",
      edited_at: "2026-11-22T09:00:00Z",
    });
    expect(bubbles(rows([gone]))[0]).toMatchObject({ deleted: true, edited: false });
  });
});

describe("a receipt", () => {
  const [first, second] = bubbles(
    rows([message(1, { author: noor, ...at("22T10:15") }), message(2, { author: noor, ...at("22T10:16") })]),
  );
  const one = first as BubbleRow;
  const two = second as BubbleRow;

  it("stands under the last own message only, and says read once it was", () => {
    expect(lastOwn([one, two])).toBe(two);
    expect(receipt(one, false, read(0), "UTC")).toBeNull();
    expect(receipt(two, true, read(1), "UTC")).toBe("Sent 10:16 AM");
    expect(receipt(two, true, read(2), "UTC")).toBe("Read");
  });

  it("says what an unsent message waits for", () => {
    const [pending] = bubbles(rows([], { unsent: [unsent()] }));
    const [waits] = bubbles(rows([], { unsent: [unsent({ waiting: true })] }));
    expect(receipt(pending as BubbleRow, false, read(0))).toBe("Sending");
    expect(receipt(waits as BubbleRow, false, read(0))).toBe("Waiting to send");
  });
});
