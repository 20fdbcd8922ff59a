// A body names people by tokens, "<@" uuid ">": each reader sees the name that they may see.

const shape = "<@([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})>";
const anywhere = new RegExp(shape, "g");
const here = new RegExp(shape, "y");

export type BodyPart = { text: string } | { user: string; token: string };

export function mentionToken(user: string): string {
  return `<@${user}>`;
}

/** The text between tokens and the tokens, in order; joined again it is the body. */
export function splitMentions(body: string): BodyPart[] {
  const parts: BodyPart[] = [];
  let done = 0;
  for (const found of body.matchAll(anywhere)) {
    if (found.index > done) parts.push({ text: body.slice(done, found.index) });
    parts.push({ user: (found[1] ?? "").toLowerCase(), token: found[0] });
    done = found.index + found[0].length;
  }
  if (done < body.length) parts.push({ text: body.slice(done) });
  return parts;
}

/** The token that begins at a place, if one does. */
export function mentionIn(body: string, at: number): { user: string; token: string } | null {
  here.lastIndex = at;
  const found = here.exec(body);
  return found && { user: (found[1] ?? "").toLowerCase(), token: found[0] };
}
