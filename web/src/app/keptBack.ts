import type { Composing } from "../features/conversations/composing.ts";
import type { DraftChange } from "../features/conversations/drafts.ts";
import type { Noting } from "../features/conversations/team/noting.ts";
import { count } from "../lib/text.ts";
import type { Waiting } from "../live/outbox.ts";

type By<T> = Readonly<Record<string, T>>;

/** What may be in this window only. */
export interface Here {
  unsent: Waiting;
  unsaved: By<DraftChange>;
  writing: By<Composing>;
  notes: By<Noting>;
}

/** Why this window can not be loaded anew just yet, in words; "" when nothing in it would be lost. */
export function keptBack({ unsent, unsaved, writing, notes }: Here): string {
  const all = Object.values(unsent).flat();
  const failed = all.filter((u) => u.state === "failed").length;
  if (failed > 0)
    return `${count(failed, "message")} could not be sent. Send or remove ${failed === 1 ? "it" : "them"}, and the new version loads.`;
  if (all.length > 0) return `The new version loads as soon as ${count(all.length, "message")} went out.`;
  const beside = Object.values(writing);
  if (beside.some((c) => c.editing))
    return "Save or cancel the message you are changing, and the new version loads.";
  if (Object.values(notes).some((n) => n.text.trim() !== ""))
    return "Save or cancel your staff note, and the new version loads.";
  if (beside.some((c) => c.busy)) return "The new version loads as soon as your files are stored.";
  if (Object.keys(unsaved).length > 0) return "The new version loads as soon as your draft is stored.";
  return "";
}
