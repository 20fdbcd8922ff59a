import { describe, expect, it } from "vitest";
import { exportName, exportState, percent } from "./words.ts";

const state = (over: Partial<Parameters<typeof exportState>[0]>) =>
  exportState({ state: "queued", why: null, done: 0, total: 0, ...over });

describe("the words of exports", () => {
  it("say what they are", () => {
    expect(exportName({ format: "pdf", attachments: false })).toBe("PDF");
    expect(exportName({ format: "html", attachments: true })).toBe("Web page with attachments");
  });

  it("say how far they are", () => {
    expect(state({})).toBe("Waiting for its turn");
    expect(state({ state: "running" })).toBe("Being made");
    expect(state({ state: "running", done: 999, total: 1000 })).toBe("Being made: 99 %");
    expect(state({ state: "ready", done: 2, total: 2 })).toBe("Ready");
    expect(state({ state: "expired" })).toBe("Removed after a day");
  });

  it("say why they failed, as far as that helps", () => {
    expect(state({ state: "failed", why: "forbidden" })).toMatch(/no longer/);
    expect(state({ state: "failed", why: "unavailable" })).toMatch(/try again/);
  });

  it("never promise more than everything", () => {
    expect(percent({ done: 5, total: 0 })).toBe(0);
    expect(percent({ done: 7, total: 5 })).toBe(100);
  });
});
