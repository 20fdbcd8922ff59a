import { expect, it } from "vitest";
import type { Composing } from "../features/conversations/composing.ts";
import type { Unsent } from "../live/outbox.ts";
import { type Here, keptBack } from "./keptBack.ts";

const unsent = (state: Unsent["state"]) => ({ c: [{ state } as Unsent] });
const beside = (part: Partial<Composing>) => ({ c: part as Composing });

const kept = (part: Partial<Here>) => keptBack({ unsent: {}, unsaved: {}, writing: {}, notes: {}, ...part });

it.each([
  [
    "nothing",
    "",
    kept({
      unsent: { c: [] },
      writing: beside({ editing: null, busy: false }),
      notes: { c: { text: " ", editing: null } },
    }),
  ],
  ["a message on its way", "1 message went out", kept({ unsent: unsent("pending") })],
  ["a message that failed", "Send or remove it", kept({ unsent: unsent("failed") })],
  ["a draft", "draft is stored", kept({ unsaved: { c: { text: "So" } } })],
  ["files", "files are stored", kept({ writing: beside({ busy: true }) })],
  ["a message that is being changed", "Save or cancel", kept({ writing: beside({ editing: {} as never }) })],
  ["a staff note", "staff note", kept({ notes: { c: { text: "Call her", editing: null } } })],
])("%s keeps a new version back", (_, words, said) => {
  if (words === "") expect(said).toBe("");
  else expect(said).toContain(words);
});
