/** "1 client", "2 clients" */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** "Noor", "Noor and Elias", "Noor, Elias and Priya" */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

const honorific = /^(dr|mr|mrs|ms|mx|prof)\.?$/i;

/** The name people are called by: "Noor" of "Noor Haddad", but "Dr. Brandt" of "Dr. Elias Brandt". */
export function callName(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0] ?? "";
  if (!honorific.test(first) || words.length === 1) return first;
  return `${first} ${words[words.length - 1]}`;
}

/** Up to two letters for an avatar; honorifics do not count. */
export function initials(name: string): string {
  const words = name.split(/[\s·]+/).filter((w) => w !== "" && !honorific.test(w));
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined].map((w) =>
    w ? (Array.from(w)[0] ?? "") : "",
  );
  return letters.join("").toLocaleUpperCase("en-US") || "?";
}

/** A steady number from 1 to 8 for the avatar's colour. */
export function hue(seed: string): number {
  let sum = 0;
  for (let i = 0; i < seed.length; i++) sum = (sum * 31 + seed.charCodeAt(i)) >>> 0;
  return (sum % 8) + 1;
}
