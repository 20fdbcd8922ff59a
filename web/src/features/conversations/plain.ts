import type { Message } from "../../api/types.ts";
import { plainText } from "../../lib/markdown.ts";
import { nameOf } from "./mentions.ts";

/** A message's words without signs of markup, for lists, titles and ears. */
export function plainBody(m: { body: string; mentions?: Message["mentions"] }): string {
  return plainText(m.body, (user) => nameOf(user, m.mentions ?? []));
}
