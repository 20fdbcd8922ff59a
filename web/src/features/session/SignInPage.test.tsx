import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { expired, queryClient } from "../../api/cache.ts";
import { sessionEnded } from "../../live/status.ts";
import { passwordProblem } from "./passwords.ts";
import { SignInPage } from "./SignInPage.tsx";

const person = {
  name: "Noor Haddad",
  role: "provider",
  email: "noor@example.test",
  password: "a demo password",
  note: "",
};
let demo: boolean;
let answer: Response;
let posts: unknown[];

beforeEach(() => {
  demo = false;
  posts = [];
  answer = Response.json({ title: "no", code: "unauthenticated", status: 401, detail: "" }, { status: 401 });
  sessionEnded.set(null);
  expired.set(false);
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "POST") {
      posts.push(await request.json());
      return answer;
    }
    return Response.json({ setup_needed: false, demo, mail: false, sign_ins: demo ? [person] : [] });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  queryClient.clear();
});

function show() {
  render(
    <QueryClientProvider client={queryClient}>
      <SignInPage />
    </QueryClientProvider>,
  );
}

describe("signing in", () => {
  it("says calmly that the two do not match, and not which", async () => {
    show();
    fireEvent.change(screen.getByRole("textbox", { name: "Email" }), {
      target: { value: " noor@example.test " },
    });
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "wrong words" } });
    fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("don’t match");
    expect(posts).toEqual([{ email: "noor@example.test", password: "wrong words" }]);
  });

  it("asks for patience when there were too many tries", async () => {
    answer = Response.json(
      { code: "rate_limited", status: 429 },
      { status: 429, headers: { "Retry-After": "30" } },
    );
    show();
    fireEvent.submit(screen.getByRole("button", { name: "Sign in" }));
    expect((await screen.findByRole("alert")).textContent).toContain("too many tries");
  });

  it("offers the demo's people only in a demo, and sends nothing but address and password", async () => {
    demo = true;
    show();
    fireEvent.click(await screen.findByRole("button", { name: /Noor Haddad/ }));
    await waitFor(() => expect(posts).toEqual([{ email: person.email, password: person.password }]));
  });

  it("does not show a sheet elsewhere", async () => {
    show();
    await waitFor(() => expect(queryClient.getQueryData(["installation"])).toBeTruthy());
    expect(screen.queryByText("This is a demo")).toBeNull();
  });

  it("explains an ended session", () => {
    sessionEnded.set("idle");
    show();
    expect(screen.getByText(/signed out to keep your messages private/)).toBeTruthy();
  });
});

describe("a new password", () => {
  it("is counted in characters, not in bytes", () => {
    expect(passwordProblem("é".repeat(9))).toBeDefined();
    expect(passwordProblem("💬".repeat(9))).toBeDefined();
    expect(passwordProblem("é".repeat(10))).toBeUndefined();
  });

  it("typed twice must be the same", () => {
    expect(passwordProblem("long enough words", "long enough word")).toBeDefined();
    expect(passwordProblem("long enough words", "long enough words")).toBeUndefined();
  });
});
