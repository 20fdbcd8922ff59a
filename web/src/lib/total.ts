/** How many clients fit. With `more` it is at least so many: the rest was not counted. */
export interface Total {
  count: number;
  more: boolean;
}

/** The first page's total, which what is loaded may know better. */
export function totalOf(first: Total, loaded: number, hasNext: boolean): Total {
  if (!first.more) return first;
  return hasNext ? { count: Math.max(first.count, loaded), more: true } : { count: loaded, more: false };
}

/** "41", "3,000 or more" */
export function totalWords({ count, more }: Total): string {
  return `${count.toLocaleString("en-US")}${more ? " or more" : ""}`;
}
