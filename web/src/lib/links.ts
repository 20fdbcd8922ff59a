// Which addresses in a message may be followed, and where one begins and ends.

const allowed = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Longer than any address people write; keeps looking for one cheap. */
const longestAddress = 2_048;

/** The address as a link may carry it, or null: only the web, mail and calls, and nothing that hides its host. */
export function safeHref(address: string): string | null {
  if (address.length > longestAddress || /[\s<>"\\\p{Cc}\p{Cf}]/u.test(address)) return null;
  try {
    const url = new URL(address);
    if (!allowed.has(url.protocol)) return null;
    const web = url.protocol.startsWith("http");
    if (web && (url.hostname === "" || url.username !== "" || url.password !== "")) return null;
    return web ? url.href : address;
  } catch {
    return null;
  }
}

/** Whether a label claims to be another address than the one it leads to. */
export function misleads(label: string, href: string): boolean {
  const shown = /^\s*(?:https?:\/\/|www\.)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/iu.exec(label)?.[1];
  if (!shown || !href.startsWith("http")) return false;
  const bare = (host: string) => host.toLowerCase().replace(/^www\./, "");
  // A label such as "v1.2" or "e.g." names no host; one with a known ending, or a scheme, does.
  const claims = /^\s*(?:https?:\/\/|www\.)/i.test(label) || /\.[a-z]{2,}$/i.test(shown);
  return claims && bare(shown) !== bare(new URL(href).hostname);
}

export interface Found {
  text: string;
  href: string;
}

const web = /(?:https?:\/\/|www\.)[^\s<>"`]{1,2048}/iy;
const scheme = /(?:mailto:|tel:)[^\s<>"`]{1,2048}/iy;
const mail = /[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/iy;

/** The address that stands at a place of a text, if one begins there. The caller sees to it that a word begins there. */
export function addressAt(text: string, at: number): Found | null {
  return (
    found(web, text, at, (address) => (/^www\./i.test(address) ? `https://${address}` : address)) ??
    found(scheme, text, at, (address) => address) ??
    found(mail, text, at, (address) => `mailto:${address}`)
  );
}

function found(shape: RegExp, text: string, at: number, address: (text: string) => string): Found | null {
  shape.lastIndex = at;
  const hit = shape.exec(text)?.[0];
  if (!hit) return null;
  const kept = withoutEnd(hit);
  const href = safeHref(address(kept));
  return href && /[\p{L}\p{N}/]$/u.test(kept.replace(/[#&=)_~-]+$/, "")) ? { text: kept, href } : null;
}

/** Signs that end a sentence do not belong to the address, nor does a bracket that was opened before it. */
function withoutEnd(address: string): string {
  let end = address.length;
  let open = 0;
  for (const sign of address) open += sign === "(" ? 1 : sign === ")" ? -1 : 0;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    if (last === ")" && open < 0) open++;
    else if (!/[.,;:!?'"*_\]}]/.test(last)) break;
  }
  return address.slice(0, end);
}
