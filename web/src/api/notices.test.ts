import { describe, expect, it } from "vitest";
import {
  type BellNotice,
  type Notices,
  noticeItems,
  unreadNotices,
  withNotice,
  withRead,
} from "./notices.ts";

export function notice(id: string, over: Partial<BellNotice> = {}): BellNotice {
  return {
    id,
    kind: "direct",
    conversation_id: `c-${id}`,
    title: "Leilani Kahale",
    count: 1,
    at: "2026-11-18T17:00:00.000Z",
    read: false,
    ...over,
  };
}

function list(items: BellNotice[], unread: number, has_more = false): Notices {
  return { pages: [{ items, unread, has_more }], pageParams: [""] };
}

describe("the bell's list", () => {
  it("puts what is new on top and counts it", () => {
    const next = withNotice(list([notice("a")], 1), notice("b"));
    expect(next && noticeItems(next).map((n) => n.id)).toEqual(["b", "a"]);
    expect(unreadNotices(next ?? undefined)).toBe(2);
  });

  it("counts a notice that grows once", () => {
    const next = withNotice(list([notice("a"), notice("b")], 2), notice("b", { count: 2 }));
    expect(next && noticeItems(next).map((n) => [n.id, n.count])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
    expect(unreadNotices(next ?? undefined)).toBe(2);
  });

  it("asks where it may stand further down already", () => {
    expect(withNotice(list([notice("a")], 1, true), notice("b"))).toBeNull();
    expect(withNotice(list([notice("a")], 1, true), notice("a", { count: 2 }))).not.toBeNull();
  });

  it("marks some as read, or all, and takes the server's number", () => {
    const before = list([notice("a"), notice("b"), notice("c", { read: true })], 5);
    expect(unreadNotices(withRead(before, ["a", "c"], null))).toBe(4);
    expect(unreadNotices(withRead(before, ["a"], 7))).toBe(7);
    const none = withRead(before, null, null);
    expect(unreadNotices(none)).toBe(0);
    expect(noticeItems(none).every((n) => n.read)).toBe(true);
  });
});
