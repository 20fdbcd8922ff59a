import { describe, expect, it } from "vitest";
import type { Platform } from "../../lib/platform.ts";
import { type Guide, guideFor } from "./guide.ts";

const at = (system: Platform["system"], browser: Platform["browser"], more: object = {}): Guide =>
  guideFor({ platform: { system, browser }, installed: "no", offered: false, secure: true, ...more });
const words = (guide: Guide) => (guide.how === "steps" ? guide.steps.map((s) => s.words).join(" ") : "");

describe("the way to the installed app", () => {
  it("is none where it runs as one, or became one just now", () => {
    expect(at("android", "chrome", { installed: "app", offered: true })).toEqual({ how: "app" });
    expect(at("desktop", "chrome", { installed: "done" })).toEqual({ how: "done" });
  });

  it("is a button where the browser offers it", () =>
    expect(at("android", "chrome", { offered: true })).toEqual({ how: "button" }));

  it.each(["iphone", "ipad"] as const)(
    "is Share and Add to Home Screen on an %s, which push needs",
    (system) => {
      const guide = at(system, "safari");
      expect(words(guide)).toMatch(/Share.*Add to Home Screen/);
      expect(guide).toMatchObject({ also: expect.stringContaining("iOS 16.4") });
      expect(words(at(system, "chrome"))).toContain("Safari");
    },
  );

  it.each(["chrome", "firefox", "samsung", "edge", "other"] as const)(
    "is the menu in %s on Android",
    (browser) => expect(words(at("android", browser))).toMatch(/menu.*Add to Home screen/),
  );

  it("is in the address bar or the Dock of a computer", () => {
    expect(words(at("desktop", "edge"))).toContain("address bar");
    expect(words(at("mac", "chrome"))).toContain("address bar");
    expect(words(at("mac", "safari"))).toContain("Add to Dock");
  });

  it.each([
    ["a browser without apps", at("desktop", "firefox"), "Chrome and Edge"],
    ["another app's window", at("iphone", "inside"), "Safari"],
    ["an address without https", at("android", "chrome", { secure: false, offered: true }), "https"],
  ])("is not there in %s, and it says why", (_, guide, why) =>
    expect(guide).toMatchObject({ how: "not", why: expect.stringContaining(why) }),
  );
});
