import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../api/cache.ts";
import { MeContext } from "../../api/session.ts";
import { me } from "../../test.fixtures.ts";
import { MailReach } from "./MailReach.tsx";

afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
});

/** A server for which mail to one address is as told, until it is tried again. */
function show(reach: object, clientId = "") {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return Response.json(request.method === "GET" ? reach : { reachable: true, since: null, why: null });
  });
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={me({ user: { ...me().user, kind: clientId ? "staff" : "client" } as never })}>
        <MailReach clientId={clientId} />
      </MeContext>
    </QueryClientProvider>,
  );
  return asked;
}

const stopped = { reachable: false, since: "2026-03-02T09:30:00.000Z", why: "no_mailbox" };

describe("mail that does not reach somebody", () => {
  it("is told to its person, who has it tried again", async () => {
    const asked = show(stopped);
    expect((await screen.findByText("Mail does not reach you.")).parentElement?.textContent).toMatch(
      /no such address.*ask your practice/,
    );
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect((await screen.findByRole("status")).textContent).toContain("tried again");
    expect(screen.queryByText("Mail does not reach you.")).toBeNull();
    expect(asked).toEqual(["GET /api/v1/me/mail-reach", "POST /api/v1/me/mail-reach/retry"]);
  });

  it("is told to staff with the client’s history", async () => {
    const asked = show({ ...stopped, why: "returned" }, "7");
    expect((await screen.findByText("Mail does not reach this client.")).parentElement?.textContent).toMatch(
      /Several in a row.*correct it in their profile/,
    );
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("status");
    expect(asked).toEqual(["GET /api/v1/clients/7/mail-reach", "POST /api/v1/clients/7/mail-reach/retry"]);
  });

  it("is not spoken of where mail arrives", async () => {
    const asked = show({ reachable: true, since: null, why: null });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.queryByRole("status")).toBeNull();
  });
});
