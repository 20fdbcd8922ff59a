import { describe, expect, it } from "vitest";
import { type BellNotice, type Notices, noticeHref, noticeItems, withNotice, withRead } from "./notices.ts";

export function notice(id: string, over: Partial<BellNotice> = {}): BellNotice {
  return {
    id,
    kind: "direct",
    conversation_id: `c-${id}`,
    title: "Leilani Kahale",
    seq: 7,
    count: 1,
    at: "2026-11-18T17:00:00.000Z",
    read: false,
    ...over,
  };
}

function list(items: BellNotice[]): Notices {
  return { pages: [{ items, unread: 0, has_more: true }], pageParams: [""] };
}

describe("the bell's list", () => {
  it("puts what is new on top, and what grows once", () => {
    expect(noticeItems(withNotice(list([notice("a")]), notice("b"))).map((n) => n.id)).toEqual(["b", "a"]);
    const next = withNotice(list([notice("a"), notice("b")]), notice("b", { count: 2 }));
    expect(noticeItems(next).map((n) => [n.id, n.count])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
  });

  it("marks some as read, or all", () => {
    const before = list([notice("a"), notice("b"), notice("c", { read: true })]);
    expect(noticeItems(withRead(before, ["a", "c"])).map((n) => n.read)).toEqual([true, false, true]);
    expect(noticeItems(withRead(before, null)).every((n) => n.read)).toBe(true);
  });

  it("leads to the message, or to what is new where that is gone", () => {
    expect(noticeHref(notice("a"))).toBe("/inbox/c-a?m=7");
    expect(noticeHref(notice("a", { seq: null }))).toBe("/inbox/c-a");
  });
});
