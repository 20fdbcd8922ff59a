import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openElection } from "./election.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Message = { data: never };
class Line {
  static all: Line[] = [];
  onmessage: ((event: never) => void) | null = null;
  constructor() {
    Line.all.push(this);
  }
  postMessage(data: unknown): void {
    for (const line of Line.all) if (line !== this) line.onmessage?.({ data } as Message as never);
  }
}

async function settle<T>(asked: Promise<T>[]): Promise<T[]> {
  await vi.advanceTimersByTimeAsync(1_000);
  return Promise.all(asked);
}

describe("of several windows", () => {
  const open = () => openElection(new Line() as never);
  beforeEach(() => (Line.all = []));

  it("one acts: the lowest rank", async () => {
    const [a, b, c] = [open(), open(), open()];
    expect(await settle([a.mine("n", 0.7), b.mine("n", 0.2), c.mine("n", 0.9)])).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("a window that hears late leaves it to the one that acted", async () => {
    const [a, b] = [open(), open()];
    expect(await settle([a.mine("n", 0.7)])).toEqual([true]);
    expect(await settle([b.mine("n", 0.1)])).toEqual([false]);
  });

  it("each notice is apart", async () => {
    const [a, b] = [open(), open()];
    expect(await settle([a.mine("n", 1), b.mine("m", 2)])).toEqual([true, true]);
  });

  it("a window that is alone, or hears no others, acts", async () => {
    expect(await settle([openElection(null).mine("n", 1)])).toEqual([true]);
    expect(await settle([open().mine("n", 1)])).toEqual([true]);
  });
});
