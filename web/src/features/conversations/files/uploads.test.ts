import { beforeEach, expect, test } from "vitest";
import { ApiError } from "../../../api/client.ts";
import type { Attachment } from "../../../api/types.ts";
import { composed, composing, composingIn } from "../composing.ts";
import type { Carrier } from "./carrier.ts";
import { createUploads, type Upload } from "./uploads.ts";

const room = "c1";

interface Journey {
  file: File;
  progress(part: number): void;
  arrive(): void;
  fail(error: Error): void;
  stopped: boolean;
}

let journeys: Journey[] = [];
let discarded: string[] = [];

/** A line on which the test decides what happens. */
const line: Carrier = {
  send(file, onProgress) {
    let arrive: (attachment: Attachment) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const done = new Promise<Attachment>((resolve, reject) => {
      arrive = resolve;
      fail = reject;
    });
    const journey: Journey = {
      file,
      progress: onProgress,
      arrive: () => arrive(stored(file.name)),
      fail: (error) => fail(error),
      stopped: false,
    };
    journeys.push(journey);
    const stop = () => {
      journey.stopped = true;
      fail(new ApiError(0, "unreachable", ""));
    };
    return { done, stop };
  },
  discard: (id) => discarded.push(id),
};

function stored(name: string): Attachment {
  return {
    id: `id-${name}`,
    name,
    size: 3,
    media_type: "image/png",
    width: null,
    height: null,
    duration_ms: null,
    has_thumbnail: true,
  };
}

const file = (name: string, size = 3) => new File([new Uint8Array(size)], name);
const start = () => createUploads(line, () => ({ bytes: 10, perMessage: 3 }));
const composer = () => composingIn(composing.get(), room);
const shown = (list: readonly Upload[]) => list.map((u) => `${u.name} ${u.state}`);
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  journeys = [];
  discarded = [];
  composed(room);
});

test("two files travel at a time, and the message waits for all of them", async () => {
  const uploads = start();
  uploads.add(room, [file("a"), file("b"), file("c")]);
  expect(journeys).toHaveLength(2);
  expect(shown(uploads.store.get())).toEqual(["a sending", "b sending", "c waiting"]);
  expect(composer().busy).toBe(true);
  journeys[1]?.arrive();
  await settle();
  expect(shown(uploads.store.get())).toEqual(["a sending", "b stored", "c sending"]);
  journeys[0]?.progress(0.5);
  expect(uploads.store.get()[0]?.progress).toBe(0.5);
  journeys[0]?.arrive();
  journeys[2]?.arrive();
  await settle();
  expect(composer().busy).toBe(false);
  // In the order in which they were chosen, not in which they arrived.
  expect(composer().attachments.map((a) => a.name)).toEqual(["a", "b", "c"]);
});

test("what cannot be sent is refused before a byte goes out", () => {
  const uploads = start();
  uploads.add(room, [file("empty", 0), file("large", 11), file("a"), file("b"), file("c")]);
  expect(uploads.store.get().map((u) => u.problem)).toEqual([
    "This file is empty, or it is a folder.",
    expect.stringMatching(/up to 0 MB/),
    "",
    "A message can have up to 3 files. Send this one in another message.",
    "A message can have up to 3 files. Send this one in another message.",
  ]);
  expect(journeys).toHaveLength(1);
});

test("a refusal says the server's reason; a lost connection can be tried again", async () => {
  const uploads = start();
  uploads.add(room, [file("a"), file("b")]);
  journeys[0]?.fail(
    new ApiError(422, "invalid", "", [{ field: "file", code: "active_content", detail: "Has a macro." }]),
  );
  journeys[1]?.fail(new ApiError(0, "unreachable", ""));
  await settle();
  expect(uploads.store.get().map((u) => [u.problem, u.passing])).toEqual([
    ["Has a macro.", false],
    ["No connection. Try again.", true],
  ]);
  expect(composer().busy).toBe(false);
  uploads.retry(uploads.store.get()[1]?.id ?? "");
  journeys[2]?.arrive();
  await settle();
  expect(composer().attachments.map((a) => a.name)).toEqual(["b"]);
});

test("what is taken out is broken off, or removed where it is stored", async () => {
  const uploads = start();
  uploads.add(room, [file("a"), file("b")]);
  journeys[1]?.arrive();
  await settle();
  for (const u of uploads.store.get()) uploads.remove(u.id);
  await settle();
  expect(journeys[0]?.stopped).toBe(true);
  expect(discarded).toEqual(["id-b"]);
  expect(uploads.store.get()).toEqual([]);
  expect(composer()).toMatchObject({ attachments: [], busy: false });
});

test("files leave the composer with their message, and stay elsewhere", async () => {
  const uploads = start();
  uploads.add(room, [file("a")]);
  uploads.add("c2", [file("b")]);
  journeys[0]?.arrive();
  journeys[1]?.arrive();
  await settle();
  composed(room);
  expect(shown(uploads.store.get())).toEqual(["b stored"]);
  expect(discarded).toEqual([]);
});

test("files of another device stand with those of this one, and can be taken out", async () => {
  const uploads = start();
  uploads.add(room, [file("here.png")]);
  uploads.show(room, [stored("there.png")]);
  expect(shown(uploads.store.get())).toEqual(["here.png sending", "there.png stored"]);
  expect(composer()).toMatchObject({ attachments: [stored("there.png")], busy: true });
  journeys[0]?.arrive();
  await settle();
  expect(composer().attachments.map((a) => a.name)).toEqual(["here.png", "there.png"]);
  const there = uploads.store.get().find((u) => u.file === null);
  uploads.remove(there?.id ?? "");
  expect(discarded).toEqual(["id-there.png"]);
  uploads.show(room, []);
  expect(uploads.store.get()).toEqual([]);
});
