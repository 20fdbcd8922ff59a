import { afterEach, describe, expect, it, vi } from "vitest";
import { createHeld, filesOf } from "./held.ts";
import { addressOf, noticeOf, shown, title } from "./notice.ts";
import { offlinePage } from "./offline.ts";
import { cacheName, lasting, outdated, wayOf } from "./shell.ts";

const origin = "https://hearth.example";
const build = { version: "b2", files: ["/", "/assets/index-1a.js", "/favicon.svg", "/theme.js"] };

const get = (path: string) => wayOf({ method: "GET", url: origin + path, navigation: false }, build, origin);
const visit = (path: string, method = "GET") =>
  wayOf({ method, url: origin + path, navigation: true }, build, origin);

describe("what the worker answers", () => {
  it.each([
    "/api/v1/me",
    "/api/v1/attachments/0190-a",
    "/api/v1/conversations/0190-a/messages?after_seq=4",
    "/api/docs",
    "/assets/another-build-9f.js",
    "/icons/icon-512.png",
    "/licences/lucide-ISC.txt",
    "/healthz",
    "/sw.js",
    "/",
  ])("is not %s", (path) => expect(get(path)).toBe("network"));

  it.each(["/assets/index-1a.js", "/favicon.svg", "/theme.js?x=1"])("is the build's own %s", (path) =>
    expect(get(path)).toBe("file"),
  );

  it("is never a write, nor anything of another origin", () => {
    expect(wayOf({ method: "POST", url: `${origin}/theme.js`, navigation: false }, build, origin)).toBe(
      "network",
    );
    expect(
      wayOf({ method: "GET", url: "https://else.example/theme.js", navigation: false }, build, origin),
    ).toBe("network");
    expect(visit("/inbox", "POST")).toBe("network");
  });

  it.each([
    "/",
    "/inbox",
    "/inbox/0190-a?m=4",
    "/settings/chat/notices",
    "/invite",
    "/go/0190-a",
    "/share?id=1",
  ])("is the page at %s", (path) => expect(visit(path)).toBe("shell"));

  it.each(["/unsubscribe/a-token", "/healthz", "/nowhere", "/inbox/report.pdf", "/metrics"])(
    "is the server's word first at %s",
    (path) => expect(visit(path)).toBe("page"),
  );

  it("leaves downloads and everything of the API to the browser", () => {
    expect(visit("/api/v1/exports/0190-a/file")).toBe("network");
    expect(visit("/api/docs")).toBe("network");
  });

  it("takes what another app shares", () => {
    expect(visit("/share", "POST")).toBe("share");
    expect(wayOf({ method: "POST", url: `${origin}/share`, navigation: false }, build, origin)).toBe(
      "network",
    );
  });
});

describe("what the worker keeps", () => {
  it("is one build; the others go, whatever they are called", () => {
    expect(outdated(["hearth-shell-b1", cacheName(build), "else"], build)).toEqual([
      "hearth-shell-b1",
      "else",
    ]);
  });

  it("is fetched again unless its name says that it can not have changed", () => {
    expect(["/assets/index-1a.js", "/", "/theme.js", "/manifest.webmanifest"].filter(lasting)).toEqual([
      "/assets/index-1a.js",
    ]);
  });
});

describe("a push", () => {
  const id = "0190a7c0-1111-7222-8333-444455556666";

  it("names a notice and nothing else", () => {
    expect(noticeOf(JSON.stringify({ id }))).toBe(id);
    for (const odd of [
      "",
      "x",
      "null",
      "[]",
      '{"id":4}',
      '{"id":"../../api"}',
      '{"id":"0190"}',
      '{"name":"Ada"}',
    ])
      expect(noticeOf(odd)).toBe("");
  });

  it("shows the same words whatever it brings", () => {
    expect(title).toBe("You have a new message");
    const told = shown(noticeOf(JSON.stringify({ id, title: "From Ada", body: "canary" })));
    expect(told.tag).toBe(id);
    expect(JSON.stringify(told)).not.toMatch(/Ada|canary/);
  });

  it("leads to the conversation, or to all of them", () => {
    expect(addressOf(id)).toBe(`/go/${id}`);
    expect(addressOf("")).toBe("/inbox");
  });
});

describe("shared files", () => {
  afterEach(() => vi.useRealTimers());

  it("are handed over once", async () => {
    const held = createHeld();
    const { id, done } = held.keep([new File(["x"], "scan.pdf")]);
    expect(held.take("999")).toEqual([]);
    expect(held.take(id).map((f) => f.name)).toEqual(["scan.pdf"]);
    await done;
    expect(held.take(id)).toEqual([]);
  });

  it("are given up when nobody comes for them", async () => {
    vi.useFakeTimers();
    const held = createHeld(1_000);
    const { id, done } = held.keep([new File(["x"], "scan.pdf")]);
    vi.advanceTimersByTime(1_001);
    await done;
    expect(held.take(id)).toEqual([]);
  });

  it("are taken from any field, without its texts and empty parts", () => {
    const form = new FormData();
    form.append("title", "Knee");
    form.append("files", new File(["x"], "a.png"));
    form.append("other", new File(["y"], "b.png"));
    form.append("files", new File([], ""));
    expect(filesOf(form).map((f) => f.name)).toEqual(["a.png", "b.png"]);
  });
});

it("the last resort says what is so, and runs nothing", async () => {
  const page = offlinePage();
  expect(await page.text()).toContain("You’re offline");
  expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
});
