// The arithmetic of WCAG 2.2 for the colour of a practice, as internal/mail does it when it
// writes a mail: what is shown here is what will stand there.

/** Hearth's own colour. */
export const pine = "#1d5f4b";

/** What somebody typed as #rrggbb in lower case, "" of nothing, null of what is no colour. */
export function colourFrom(text: string): string | null {
  const digits = text.trim().toLowerCase().replace(/^#/, "");
  if (text.trim() === "") return "";
  return /^[0-9a-f]{6}$/.test(digits) ? `#${digits}` : null;
}

type Shade = readonly [number, number, number];

function shade(colour: string): Shade {
  const n = Number.parseInt(colour.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function luminance(colour: string): number {
  const [r, g, b] = shade(colour).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** White or black, whichever is read better on a colour; one of them always has 4.5 to 1. */
export function inkOn(colour: string): "#ffffff" | "#000000" {
  return contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}

/** The colour itself, or as much darker as words on white need for 4.5 to 1. */
export function onWhite(colour: string): string {
  for (let step = 0; step < 255; step++) {
    const mixed = shade(colour).map((c) => Math.floor((c * (255 - step)) / 255));
    const darker = `#${mixed.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(darker, "#ffffff") >= 4.5) return darker;
  }
  return "#000000";
}
