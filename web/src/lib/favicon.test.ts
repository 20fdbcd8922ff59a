import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { dotText, markIcon } from "./favicon.ts";

let texts: string[];
const icon = () => document.querySelector<HTMLLinkElement>('link[rel="icon"]') as HTMLLinkElement;

beforeEach(() => {
  texts = [];
  document.head.innerHTML = '<link rel="icon" href="/favicon.svg" type="image/svg+xml">';
  const pen = new Proxy(
    { fillText: (text: string) => texts.push(text) },
    { get: (own, name) => own[name as "fillText"] ?? (() => undefined), set: () => true },
  );
  vi.stubGlobal("Path2D", vi.fn());
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen as never);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => done(new Blob(["png"])));
  let made = 0;
  vi.stubGlobal(
    "URL",
    Object.assign(URL, { createObjectURL: () => `blob:${++made}`, revokeObjectURL: vi.fn() }),
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("shows a count, and the plain mark again when there is none", async () => {
  await markIcon(3);
  expect(texts).toEqual(["3"]);
  expect(icon().getAttribute("href")).toBe("blob:1");
  expect(icon().type).toBe("image/png");
  await markIcon(12);
  expect(icon().getAttribute("href")).toBe("blob:2");
  expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:1");
  await markIcon(0);
  expect(icon().getAttribute("href")).toBe("/favicon.svg");
  expect(icon().type).toBe("image/svg+xml");
});

it("does not come back when it was cleared while it was drawn", async () => {
  const slow = markIcon(1);
  await markIcon(0);
  await slow;
  expect(icon().getAttribute("href")).toBe("/favicon.svg");
});

it("has room for one digit", () => {
  expect([1, 9, 10, 250].map(dotText)).toEqual(["1", "9", "9+", "9+"]);
});
