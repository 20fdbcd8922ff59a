import { beforeEach, describe, expect, it } from "vitest";
import type { Attachment, Message } from "../../api/types.ts";
import { message } from "../../test.fixtures.ts";
import { compose, composed, composing, composingIn } from "./composing.ts";
import { type AsideKeeper, keepAside } from "./draftAside.ts";
import type { Aside } from "./drafts.ts";

const room = "c-1";
const first = message(1, { id: "m-1" });
const file = (id: string) => ({ id, name: `${id}.pdf` }) as Attachment;

let changes: Aside[];
let unsaved: boolean;
let answer: (m: Message | null) => void;
let keeper: AsideKeeper;

beforeEach(() => {
  composing.set({});
  const mine: Aside[] = []; // keepers of earlier tests still listen
  changes = mine;
  unsaved = false;
  keeper = keepAside({
    composing,
    changed: (_, aside) => mine.push(aside),
    unsaved: () => unsaved,
    message: () => new Promise((resolve) => (answer = resolve)),
    show: (id, replyTo, attachments) => compose(id, { replyTo, attachments }),
  });
});

const here = () => composingIn(composing.get(), room);
const kept = (replyTo: string | null, ...files: Attachment[]): Aside => ({ replyTo, files });

describe("what goes with a draft", () => {
  it("is stored when it is changed here, once", async () => {
    await keeper.heard(room, kept(null));
    compose("a blast", { attachments: [file("b")] });
    compose(room, { replyTo: first });
    compose(room, { editText: "nothing of it" });
    compose(room, { attachments: [file("a")] });
    expect(changes).toEqual([kept("m-1"), kept("m-1", file("a"))]);
    composed(room);
    expect(changes[2]).toEqual(kept(null));
    expect(changes).toHaveLength(3);
  });

  it("of another device is shown, and not stored again", async () => {
    const heard = keeper.heard(room, kept("m-1", file("a")));
    answer(first);
    await heard;
    expect(here()).toMatchObject({ replyTo: first, attachments: [file("a")] });
    await keeper.heard(room, kept(null));
    expect(here()).toMatchObject({ replyTo: null, attachments: [] });
    expect(changes).toEqual([]);
  });

  it("that is on its way to the server is not undone by what the server had", async () => {
    await keeper.heard(room, kept(null));
    compose(room, { attachments: [file("a")] });
    unsaved = true;
    await keeper.heard(room, kept(null));
    expect(here().attachments).toEqual([file("a")]);
    unsaved = false;
    await keeper.heard(room, kept(null, file("a")));
    expect(changes).toHaveLength(1);
  });

  it("changed here while it is being fetched stays as it is here", async () => {
    const heard = keeper.heard(room, kept("m-1"));
    compose(room, { attachments: [file("a")] });
    answer(first);
    await heard;
    expect(here()).toMatchObject({ replyTo: null, attachments: [file("a")] });
  });

  it("answers nothing where the message is gone", async () => {
    const heard = keeper.heard(room, kept("m-1", file("a")));
    answer(null);
    await heard;
    expect(here()).toMatchObject({ replyTo: null, attachments: [file("a")] });
    expect(changes).toEqual([]);
  });
});
