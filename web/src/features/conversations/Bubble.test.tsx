import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { MeContext } from "../../api/session.ts";
import { outbox } from "../../live/connection.ts";
import { me } from "../../test.fixtures.ts";
import { Bubble } from "./Bubble.tsx";
import type { BubbleRow } from "./rows.ts";

const row = (over: Partial<BubbleRow> = {}): BubbleRow => ({
  type: "bubble",
  key: "m-1",
  message: null,
  attachments: [],
  quote: null,
  mentions: [],
  seq: 7,
  state: "sent",
  waiting: false,
  code: "",
  detail: "",
  out: true,
  own: true,
  authorId: "u-noor",
  author: "Noor Haddad",
  staff: true,
  onBehalfOf: null,
  body: "See <b>you</b> Tuesday",
  at: "2026-11-22T18:00:00.000Z",
  edited: false,
  deleted: false,
  automatic: false,
  first: true,
  last: true,
  pause: false,
  ...over,
});

const bubble = (r: BubbleRow, receipt: string | null = null, community = false) => (
  <MeContext value={me()}>
    <Bubble row={r} named community={community} receipt={receipt} />
  </MeContext>
);
const show = (r: BubbleRow, receipt: string | null = null) => render(bubble(r, receipt));

describe("a bubble", () => {
  it("carries what tests and tools find it by, and shows text as text", () => {
    show(row());
    const article = screen.getByRole("article");
    expect(article.dataset).toMatchObject({ messageId: "m-1", state: "sent", seq: "7" });
    expect(article.querySelector("[data-body]")?.textContent).toBe("See <b>you</b> Tuesday");
    expect(article.querySelector("b")).toBeNull();
    expect(article.getAttribute("aria-label")).toMatch(/^You, /);
  });

  it("says for whom someone answered", () => {
    show(row({ own: false, author: "Sam Whitehorse", onBehalfOf: "Noor Haddad" }));
    expect(screen.getByText("Sam Whitehorse").parentElement?.textContent).toBe(
      "Sam Whitehorse on behalf of Noor Haddad",
    );
  });

  it("keeps no text of a deleted message", () => {
    show(row({ deleted: true, body: "secret" }));
    expect(screen.getByText("You deleted this message")).toBeTruthy();
    expect(screen.queryByText(/secret/)).toBeNull();
  });

  it("that failed can be tried again or removed", () => {
    const retry = vi.spyOn(outbox, "retry").mockImplementation(() => undefined);
    const discard = vi.spyOn(outbox, "discard").mockImplementation(() => undefined);
    show(row({ state: "failed", seq: null }));
    expect(screen.getByRole("alert").textContent).toContain("Not sent.");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledWith("m-1");
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    expect(discard).toHaveBeenCalledWith("m-1");
  });

  it("refused because chat was turned off says so and keeps the text", () => {
    show(row({ state: "failed", code: "chat_unavailable" }));
    expect(screen.getByRole("alert").textContent).toContain(
      "Messaging was turned off while you were writing.",
    );
    expect(screen.getByText("See <b>you</b> Tuesday")).toBeTruthy();
  });

  it("names an author on the other side only at the start of a run", () => {
    const { rerender } = show(row({ out: false, own: false, author: "Keisha" }));
    expect(screen.getByText("Keisha")).toBeTruthy();
    rerender(bubble(row({ out: false, own: false, author: "Keisha", first: false }), null, true));
    expect(screen.queryByText("Keisha")).toBeNull();
  });
});
