import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDrafts, type DraftChange, type Drafts, rest } from "./drafts.ts";

let saves: [string, DraftChange, boolean][];
let saved: [string, DraftChange][];
let fail: boolean;
let release: (() => void) | null;
let hold: boolean;
let drafts: Drafts;

beforeEach(() => {
  vi.useFakeTimers();
  saves = [];
  saved = [];
  fail = false;
  hold = false;
  release = null;
  drafts = createDrafts({
    save: async (id, change, leaving) => {
      saves.push([id, change, leaving]);
      if (hold) await new Promise<void>((resolve) => (release = resolve));
      if (fail) throw new Error("no network");
    },
    saved: (id, change) => saved.push([id, change]),
  });
});
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a draft", () => {
  it("is in memory at once and with the server after a rest", async () => {
    drafts.type("c", "h");
    expect(drafts.unsaved.get()).toEqual({ c: { text: "h" } });
    await pass(rest - 1);
    drafts.type("c", "hi");
    await pass(rest - 1);
    expect(saves).toEqual([]);
    await pass(1);
    expect(saves).toEqual([["c", { text: "hi" }, false]]);
    expect(saved).toEqual([["c", { text: "hi" }]]);
    expect(drafts.unsaved.get()).toEqual({});
  });

  it("typed on while it is being stored is stored again, newest last", async () => {
    hold = true;
    drafts.type("c", "one");
    await pass(rest);
    drafts.type("c", "two");
    await pass(rest);
    expect(saves).toHaveLength(1);
    hold = false;
    release?.();
    await pass(rest);
    expect(saves.map(([, change]) => change.text)).toEqual(["one", "two"]);
    expect(drafts.unsaved.get()).toEqual({});
  });

  it("that could not be stored is kept and tried again on leaving", async () => {
    fail = true;
    drafts.type("c", "kept");
    await pass(rest);
    expect(drafts.unsaved.get()).toEqual({ c: { text: "kept" } });
    fail = false;
    drafts.flush(true);
    await pass(0);
    expect(saves[saves.length - 1]).toEqual(["c", { text: "kept" }, true]);
    expect(drafts.unsaved.get()).toEqual({});
  });

  it("is stored at once on leaving, and not a second time later", async () => {
    drafts.type("c", "bye");
    drafts.flush(true);
    await pass(rest * 2);
    expect(saves).toEqual([["c", { text: "bye" }, true]]);
  });

  it("is gone, here and there, once it was sent", async () => {
    drafts.type("c", "hello");
    drafts.sent("c");
    const nothing = { text: "", aside: { replyTo: null, files: [] } };
    expect(drafts.unsaved.get()).toEqual({ c: nothing });
    await pass(0);
    expect(saves).toEqual([["c", nothing, false]]);
    await pass(rest * 2);
    expect(saves).toHaveLength(1);
  });

  it("is stored with what goes with the text, together or alone", async () => {
    const aside = { replyTo: "m-1", files: [] };
    drafts.put("c", aside);
    await pass(rest);
    expect(saves).toEqual([["c", { aside }, false]]);
    drafts.type("c", "a");
    drafts.put("c", { ...aside, replyTo: null });
    await pass(rest);
    expect(saves[1]).toEqual(["c", { text: "a", aside: { ...aside, replyTo: null } }, false]);
  });

  it("of one conversation does not touch another", async () => {
    drafts.type("a", "x");
    drafts.type("b", "y");
    drafts.sent("a");
    await pass(rest);
    expect(saves).toContainEqual(["b", { text: "y" }, false]);
    expect(saves).not.toContainEqual(["a", { text: "x" }, false]);
  });

  it("is forgotten when someone else signs in", async () => {
    drafts.type("c", "mine");
    drafts.clear();
    await pass(rest * 2);
    expect(saves).toEqual([]);
  });
});
