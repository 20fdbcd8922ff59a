// The mark in the tab with a count, drawn here for the colours of the tab strip.

const edge = 64;
const arch = "M4 15.5C4 8.6 9.4 3 16 3s12 5.6 12 12.5V26a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z";
const flame =
  "M16.6 9.2c.3 2.9 5.4 5.2 5.4 10.3 0 3.7-2.7 6.5-6 6.5s-6-2.6-6-6.1c0-2.4 1.2-4.1 2.5-5.4.2 1.3.7 2.2 1.6 2.7-.2-3.4.6-6.2 2.5-8z";

const colours = {
  light: { arch: "#1d5f4b", dot: "#bc451a", number: "#ffffff" },
  dark: { arch: "#2c7a62", dot: "#f08a5d", number: "#2a0f03" },
};

/** What the dot says: a digit, or that there are more than it has room for. */
export function dotText(count: number): string {
  return count > 9 ? "9+" : String(count);
}

let shown = 0;
let made = "";
const before = new Map<HTMLLinkElement, { href: string; type: string }>();

/** Shows a count on the icon of the tab; 0 gives the plain one back. */
export async function markIcon(count: number): Promise<void> {
  shown = count;
  if (count <= 0) {
    plain();
    return;
  }
  const drawn = await draw(count);
  // Another count came while this one was drawn.
  if (!drawn || shown !== count) return;
  const address = URL.createObjectURL(drawn);
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')) {
    if (!before.has(link)) before.set(link, { href: link.getAttribute("href") ?? "", type: link.type });
    link.type = "image/png";
    link.href = address;
  }
  forget();
  made = address;
}

function plain(): void {
  for (const [link, was] of before) {
    link.type = was.type;
    link.setAttribute("href", was.href);
  }
  before.clear();
  forget();
}

function forget(): void {
  if (made) URL.revokeObjectURL(made);
  made = "";
}

function draw(count: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = edge;
  const pen = canvas.getContext("2d");
  if (!pen) return Promise.resolve(null);
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const colour = colours[dark ? "dark" : "light"];
  pen.scale(edge / 32, edge / 32);
  pen.fillStyle = colour.arch;
  pen.fill(new Path2D(arch));
  pen.fillStyle = "#f3a27a";
  pen.fill(new Path2D(flame));
  dot(pen, dotText(count), colour);
  return new Promise((done) => canvas.toBlob(done));
}

function dot(pen: CanvasRenderingContext2D, text: string, colour: { dot: string; number: string }): void {
  const [x, y, r] = [22, 10, 10];
  // A gap around it, so that it stands off from the mark.
  pen.globalCompositeOperation = "destination-out";
  circle(pen, x, y, r + 1.5);
  pen.globalCompositeOperation = "source-over";
  pen.fillStyle = colour.dot;
  circle(pen, x, y, r);
  pen.fillStyle = colour.number;
  pen.font = `700 ${text.length > 1 ? 12 : 15}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, x, y + 0.8);
}

function circle(pen: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fill();
}
