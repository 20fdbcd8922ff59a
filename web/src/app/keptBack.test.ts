import { expect, it } from "vitest";
import type { Composing } from "../features/conversations/composing.ts";
import type { Unsent } from "../live/outbox.ts";
import { keptBack } from "./keptBack.ts";

const unsent = (state: Unsent["state"]) => ({ c: [{ state } as Unsent] });
const beside = (part: Partial<Composing>) => ({ c: part as Composing });

it.each([
  ["nothing", "", keptBack({ c: [] }, {}, beside({ editing: null, busy: false }))],
  ["a message on its way", "1 message went out", keptBack(unsent("pending"), {}, {})],
  ["a message that failed", "Send or remove it", keptBack(unsent("failed"), {}, {})],
  ["a draft", "draft is stored", keptBack({}, { c: { text: "So" } }, {})],
  ["files", "files are stored", keptBack({}, {}, beside({ busy: true }))],
  ["a message that is being changed", "Save or cancel", keptBack({}, {}, beside({ editing: {} as never }))],
])("%s keeps a new version back", (_, words, said) => {
  if (words === "") expect(said).toBe("");
  else expect(said).toContain(words);
});
