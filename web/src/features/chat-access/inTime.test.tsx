import { describe, expect, it, vi } from "vitest";
import { inTime, type Listed, more } from "./inTime.ts";

const list = (days: number[], hasMore = false) => ({
  rows: days.map((d) => ({ at: `2026-11-${String(d).padStart(2, "0")}T10:00:00.000Z`, line: <i>{d}</i> })),
  more: hasMore,
  next: vi.fn<() => void>(),
});
const days = (lists: Listed[]) => inTime(lists).map((row) => Number(row.at.slice(8, 10)));

describe("several lists as one", () => {
  it("are in the order of time", () => {
    expect(days([list([9, 5]), list([7, 3])])).toEqual([9, 7, 5, 3]);
  });
  it("stop where something that is not loaded could come before", () => {
    const long = list([9, 8], true);
    const short = list([9, 7, 3]);
    expect(days([long, short])).toEqual([9, 9, 8]);
    more([long, short]);
    expect(long.next).toHaveBeenCalledOnce();
    expect(short.next).not.toHaveBeenCalled();
  });
  it("go on with the list that ends first", () => {
    const late = list([9, 8], true);
    const early = list([6, 2], true);
    more([late, early]);
    expect(late.next).toHaveBeenCalledOnce();
    expect(early.next).not.toHaveBeenCalled();
  });
});
