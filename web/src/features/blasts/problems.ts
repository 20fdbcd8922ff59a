import type { BlastPreview } from "../../api/types.ts";
import { ApiError, explain } from "../../api/client.ts";
import { count } from "../../lib/text.ts";
import { lengthOf, longest, unknownFields } from "./fields.ts";
import type { Form } from "./form.ts";

/** Why something was refused; a limit is told with its numbers. */
export function problemWords(error: unknown): string {
  if (!(error instanceof ApiError)) return explain(error);
  if (error.status === 0) return `${explain(error)} Nothing is ever sent twice.`;
  if (error.status === 429 && error.detail) return error.detail;
  if (error.status === 422 && error.fields.length > 0)
    return (
      error.fields
        .map((f) => f.detail)
        .filter(Boolean)
        .join(" ") || error.detail
    );
  return explain(error);
}

/** Whether what was looked at is not so any more. */
export function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && error.code === "version_conflict";
}

interface Standing {
  form: Form;
  preview: Pick<BlastPreview, "chosen" | "reachable" | "allowance"> | undefined;
  /** Files that go with it. */
  files: number;
  busy: boolean;
}

/** What stands in the way of sending; "" when nothing does. */
export function obstacle({ form: f, preview: p, files, busy }: Standing, now = Date.now()): string {
  if (f.choice.picked.length === 0) return "Choose who gets it.";
  if (!p) return "Counting who can get it…";
  if (p.reachable === 0) return "Nobody of these can be written to.";
  if (f.body.trim() === "" && files === 0) return "Write the message.";
  const over = lengthOf(f.body) - longest;
  if (over > 0) return `The message is ${count(over, "character")} too long.`;
  if (unknownFields(f.body).length > 0) return "Correct the fields in the message.";
  if (busy) return "Wait until the files are stored.";
  if (f.sendAt !== "" && Date.parse(f.sendAt) <= now) return "Choose a time that is still to come.";
  const { limit, used } = p.allowance;
  const left = Math.max(0, limit - used);
  if (f.sendAt === "" && f.version === 0 && p.chosen > left)
    return `Blasts of one person go to ${limit.toLocaleString("en-US")} recipients a day. Today ${used.toLocaleString("en-US")} are used, so there is room for ${left.toLocaleString("en-US")} and not for ${p.chosen.toLocaleString("en-US")}.`;
  return "";
}
