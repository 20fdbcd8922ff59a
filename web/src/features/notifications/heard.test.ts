import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { keys } from "../../api/keys.ts";
import type { BellNotice } from "../../api/notices.ts";
import type { Preferences } from "../../api/preferences.ts";
import { play } from "../../lib/sound.ts";
import { announcement } from "../../live/status.ts";
import { tell } from "./heard.ts";
import { preferences } from "./test.fixtures.ts";
import { dropNotices, noticeToasts, showNotice } from "./toasts.ts";

vi.mock("../../lib/sound.ts", () => ({ mayPlay: () => true, play: vi.fn(async () => true) }));

const notice = (id: string, over: Partial<BellNotice> = {}): BellNotice => ({
  id,
  kind: "direct",
  conversation_id: `c-${id}`,
  title: "Leilani Kahale",
  count: 1,
  seq: 4,
  at: "2026-11-18T17:00:00.000Z",
  read: false,
  ...over,
});
const want = (over: Partial<Preferences>) => queryClient.setQueryData(keys.preferences, preferences(over));
const looking = (yes: boolean) => vi.spyOn(document, "hasFocus").mockReturnValue(yes);

let n = 0;
/** Tells of one with an id of its own, and waits until it is settled. */
async function hear(over: Partial<BellNotice> = {}, sound = true): Promise<BellNotice> {
  const it = notice(`n-${++n}`, over);
  const told = tell({ notice: it, unread: 1, sound });
  await vi.advanceTimersByTimeAsync(2_000);
  await told;
  return it;
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-18T20:00:00Z") });
  noticeToasts.set([]);
  vi.mocked(play).mockClear();
  want({});
  looking(true);
  window.history.replaceState(null, "", "/clients");
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("what comes is", () => {
  it("shown and heard", async () => {
    const it = await hear();
    expect(noticeToasts.get()).toEqual([it]);
    expect(play).toHaveBeenCalledExactlyOnceWith("chime");
  });

  it("neither where one looks at the conversation", async () => {
    window.history.replaceState(null, "", "/inbox/c-open");
    await hear({ conversation_id: "c-open" });
    expect(noticeToasts.get()).toEqual([]);
    expect(play).not.toHaveBeenCalled();
  });

  it("both where the conversation is open and nobody looks", async () => {
    window.history.replaceState(null, "", "/inbox/c-open");
    looking(false);
    await hear({ conversation_id: "c-open" });
    expect(noticeToasts.get()).toHaveLength(1);
    expect(play).toHaveBeenCalledOnce();
  });

  it("silent where the server says so, in quiet hours, and for who wants no sound", async () => {
    await hear({}, false);
    want({
      quiet: { on: true, from: "11:00", to: "13:00", days: ["wed"] },
      time_zone: "America/Los_Angeles",
    });
    await hear();
    want({ sound: "none" });
    await hear();
    expect(noticeToasts.get()).toHaveLength(3);
    expect(play).not.toHaveBeenCalled();
  });

  it("not told when it was read already", async () => {
    await hear({ read: true });
    expect(noticeToasts.get()).toEqual([]);
    expect(play).not.toHaveBeenCalled();
  });
});

it("a reminder is read out, a message is not: it has been already", async () => {
  const said = vi.fn();
  const stop = announcement.subscribe(() => said(announcement.get()));
  await hear();
  expect(said).not.toHaveBeenCalled();
  await hear({ kind: "reminder" });
  expect(said).toHaveBeenCalledWith("Waiting for an answer: Leilani Kahale");
  stop();
});

it("at most three are in sight, one for each conversation", () => {
  for (const id of ["a", "b", "c", "d"]) showNotice(notice(id));
  expect(noticeToasts.get().map((t) => t.id)).toEqual(["d", "c", "b"]);
  showNotice(notice("e", { conversation_id: "c-c" }));
  expect(noticeToasts.get().map((t) => t.id)).toEqual(["e", "d", "b"]);
  dropNotices((t) => t.id === "d");
  expect(noticeToasts.get().map((t) => t.id)).toEqual(["e", "b"]);
});
