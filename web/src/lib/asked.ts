/** From how many characters on messages are looked through: one letter is in all of them. */
const shortest = 2;

/**
 * What is asked of the server while somebody is still writing: an open quotation is
 * closed, and an operator that has no value yet is left out. "" is nothing to ask.
 */
export function asked(text: string): string {
  let query = text.trim();
  if ((query.match(/"/g)?.length ?? 0) % 2 === 1) {
    query = query.endsWith('"') ? query.slice(0, -1).trimEnd() : `${query}"`;
  }
  query = query.replace(/(^|\s)(from|in|before|after|on|has):$/i, "").trim();
  return [...query].length < shortest ? "" : query;
}
