import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../../api/types.ts";
import { toast, undoLast } from "../../ui/toast.ts";

const post = vi.fn<(path: string, init: unknown) => Promise<Conversation>>();
const kept: Conversation[] = [];

vi.mock("../../api/client.ts", () => ({
  api: { POST: (path: string, init: unknown) => post(path, init) },
  ask: (answer: Promise<Conversation>) => answer,
  explain: () => "No connection.",
}));
vi.mock("../../live/connection.ts", () => ({ keepConversation: (c: Conversation) => kept.push(c) }));

const { needsNoAnswer } = await import("./needless.ts");

const waits = {
  id: "a",
  last_seq: 7,
  unanswered_since: "2026-03-02T09:00:00.000Z",
  overdue: true,
} as Conversation;
const quiet = { ...waits, unanswered_since: null, overdue: false };
const params = { path: { id: "a" } };

beforeEach(() => {
  post.mockReset();
  kept.length = 0;
  toast.set(null);
});

test("shows at once, says up to where, and can be taken back", async () => {
  post.mockResolvedValue(quiet);
  const done = needsNoAnswer(waits);
  expect(kept).toEqual([quiet]);
  await done;
  expect(post).toHaveBeenCalledWith("/api/v1/conversations/{id}/needs-no-answer", {
    params,
    body: { seq: 7 },
  });
  post.mockResolvedValue(waits);
  expect(undoLast()).toBe(true);
  await vi.waitFor(() => expect(kept.at(-1)).toEqual(waits));
  expect(post).toHaveBeenLastCalledWith("/api/v1/conversations/{id}/needs-answer", { params });
});

test("says so where the client has written again meanwhile", async () => {
  post.mockResolvedValue(waits);
  await needsNoAnswer(waits);
  expect(kept.at(-1)).toEqual(waits);
  expect(toast.get()?.text).toMatch(/^The client has written again/);
  expect(undoLast()).toBe(false);
});

test("puts the badge back where it was refused", async () => {
  post.mockRejectedValue(new Error("offline"));
  await needsNoAnswer(waits);
  expect(kept.at(-1)).toEqual(waits);
  expect(toast.get()?.text).toBe("That didn’t work. No connection.");
});

test("does nothing where nobody waits", async () => {
  await needsNoAnswer(quiet);
  expect(post).not.toHaveBeenCalled();
  expect(kept).toEqual([]);
});
