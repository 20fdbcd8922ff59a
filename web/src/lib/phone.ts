/**
 * Where a written number leads, for a link: "(503) 555-0142 ext. 4" is
 * "tel:5035550142;ext=4". Of several numbers it is the first. Null where no
 * number can be read with certainty, e.g. one spelled in letters: a wrong call
 * is worse than none.
 */
export function telHref(written: string): string | null {
  const found = /\+?\d(?:[\s().-]*\d)*/.exec(written);
  if (!found) return null;
  const rest = written.slice(found.index + found[0].length);
  const extension = /^[\s,;]*(?:extension|ext|x)[\s.:]*(\d+)/i.exec(rest);
  if (!extension && /^-?\p{L}/u.test(rest)) return null;
  const number = found[0].replace(/[^\d+]/g, "");
  return `tel:${number}${extension ? `;ext=${extension[1]}` : ""}`;
}
