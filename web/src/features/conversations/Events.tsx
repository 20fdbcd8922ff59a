import { splitMentions } from "../../lib/mention.ts";
import { useActs } from "./messageActs.ts";
import type { EventRow } from "./rows.ts";

/** The words of a notice, with the names of those it is about. */
export function Events({ row }: { row: EventRow }) {
  const { nameOf } = useActs();
  return splitMentions(row.body)
    .map((part) => ("user" in part ? nameOf(part.user, row.mentions) : part.text))
    .join("");
}
