import { afterEach, expect, it, vi } from "vitest";
import { covered, followKeyboard } from "./viewport.ts";

it.each([
  ["nothing", { height: 844, scale: 1 }, 0],
  ["the browser's bar", { height: 760, scale: 1 }, 0],
  ["a keyboard", { height: 508, scale: 1 }, 336],
  ["a page that is zoomed in", { height: 422, scale: 2 }, 0],
])("%s covers so much", (_, view, most) => expect(covered(view, 844)).toBe(most));

class View extends EventTarget {
  height = 844;
  scale = 1;
  offsetTop = 0;
}

afterEach(() => document.documentElement.removeAttribute("data-keyboard"));

it("makes room for a keyboard and gives it back", () => {
  const root = document.documentElement;
  vi.stubGlobal("innerHeight", 844);
  const back = vi.spyOn(window, "scrollTo").mockImplementation(() => undefined);
  const view = new View();
  followKeyboard(view as unknown as VisualViewport);
  Object.assign(view, { height: 508, offsetTop: 120 });
  view.dispatchEvent(new Event("resize"));
  expect(root.style.getPropertyValue("--app-height")).toBe("508px");
  expect(root.style.getPropertyValue("--keyboard")).toBe("336px");
  expect(root.hasAttribute("data-keyboard")).toBe(true);
  expect(back).toHaveBeenCalledWith(0, 0);
  Object.assign(view, { height: 844, offsetTop: 0 });
  view.dispatchEvent(new Event("resize"));
  expect(root.getAttribute("style") ?? "").not.toContain("--");
  expect(root.hasAttribute("data-keyboard")).toBe(false);
  vi.unstubAllGlobals();
});
