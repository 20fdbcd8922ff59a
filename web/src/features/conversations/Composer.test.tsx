import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { MeContext } from "../../api/session.ts";
import type { Conversation, Me } from "../../api/types.ts";
import { outbox } from "../../live/connection.ts";
import { conversation, leilani, me } from "../../test.fixtures.ts";
import { Composer } from "./Composer.tsx";
import { drafts } from "./useDraft.ts";

const fetched = vi.fn(() => new Promise<Response>(() => undefined));

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  drafts.clear();
  outbox.clear();
});
afterEach(() => {
  // Leaving stores drafts: that must still meet the stub.
  cleanup();
  drafts.clear();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  queryClient.clear();
});

function show(c: Conversation, who: Me = me()) {
  const sent = vi.fn();
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={who}>
        <Composer conversation={c} title="Leilani Kahale" onSent={sent} />
      </MeContext>
    </QueryClientProvider>,
  );
  return sent;
}

const along = (over: object = {}) => ({ onBehalfOf: null, replyTo: null, attachments: [], ...over });
const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message Leilani Kahale" });
const button = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send" });
const write = (text: string) => fireEvent.change(field(), { target: { value: text } });

describe("the composer", () => {
  it("sends with Ctrl Enter and empties itself; Enter alone does not send", () => {
    const send = vi.spyOn(outbox, "send");
    const sent = show(conversation());
    write("two\nlines");
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(send).not.toHaveBeenCalled();
    fireEvent.keyDown(field(), { key: "Enter", ctrlKey: true });
    expect(send).toHaveBeenCalledWith("c-1", "two\nlines", along());
    expect(sent).toHaveBeenCalledTimes(1);
    expect(field().value).toBe("");
  });

  it("does not send blanks, nor more than the server takes", () => {
    const send = vi.spyOn(outbox, "send");
    show(conversation());
    expect(button().disabled).toBe(true);
    write("  \n ");
    expect(button().disabled).toBe(true);
    write("💬".repeat(20_001));
    expect(button().disabled).toBe(true);
    expect(screen.getByText("1 character too many")).toBeTruthy();
    write("💬".repeat(20_000));
    expect(button().disabled).toBe(false);
    fireEvent.click(button());
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("leaves half-composed characters alone", () => {
    const send = vi.spyOn(outbox, "send");
    show(conversation());
    write("に");
    fireEvent.keyDown(field(), { key: "Enter", ctrlKey: true, isComposing: true });
    expect(send).not.toHaveBeenCalled();
  });

  it("starts with the draft of another device and takes over its changes until one types", () => {
    show(conversation({ draft: "half a" }));
    expect(field().value).toBe("half a");
    write("half a sentence");
    expect(field().value).toBe("half a sentence");
  });

  it("answers for a colleague where that is how the conversation is seen", () => {
    const send = vi.spyOn(outbox, "send");
    const sam = me({ user: { ...me().user, id: "u-sam", name: "Sam Whitehorse" } });
    show(conversation({ organization_inbox: true, on_behalf_of_ids: ["u-noor"] }), sam);
    write("confirmed");
    fireEvent.click(button());
    expect(send).toHaveBeenLastCalledWith("c-1", "confirmed", along({ onBehalfOf: "u-noor" }));
    fireEvent.change(screen.getByRole("combobox", { name: "Send as" }), { target: { value: "" } });
    write("as myself");
    fireEvent.click(button());
    expect(send).toHaveBeenLastCalledWith("c-1", "as myself", along());
  });

  it("tells staff who will read an internal message", () => {
    show(conversation({ kind: "internal", subject: "Care huddle" }));
    expect(screen.getByText("Staff only")).toBeTruthy();
  });

  it("shows a client nothing of staff's tools", () => {
    const client = me({
      user: { ...me().user, id: leilani.id, kind: "client", role: null },
      permissions: [],
    });
    show(conversation({ on_behalf_of_ids: [] }), client);
    expect(screen.queryByRole("combobox")).toBeNull();
    expect(button().disabled).toBe(true);
  });

  it("takes over what came from elsewhere when nothing is unsaved here", () => {
    show(conversation());
    expect(field().value).toBe("");
    act(() => drafts.type("c-1", "typed in another pane"));
    expect(field().value).toBe("typed in another pane");
  });
});
