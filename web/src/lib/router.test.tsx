import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  guardLeaving,
  Link,
  match,
  navigate,
  setParams,
  useHash,
  useParam,
  usePath,
  withParams,
} from "./router.tsx";

function Where() {
  return (
    <p>
      {usePath()}|{useParam("q")}|{useHash()}
    </p>
  );
}

const where = () => screen.getByText(/\|/).textContent;

beforeEach(() => window.history.replaceState(null, "", "/inbox"));
afterEach(() => vi.restoreAllMocks());

describe("matching", () => {
  it.each([
    ["/inbox", "/inbox", {}],
    ["/inbox", "/inbox/", {}],
    ["/inbox/:id", "/inbox/abc", { id: "abc" }],
    ["/inbox/:id", "/inbox", null],
    ["/inbox/:id", "/inbox/a/b", null],
    ["/inbox/:id", "/clients/a", null],
    ["/clients/:id", "/clients/%41", { id: "A" }],
    ["/clients/:id", "/clients/%zz", { id: "%zz" }],
  ])("%s against %s gives %o", (pattern, path, params) => expect(match(pattern, path)).toEqual(params));
});

describe("the address", () => {
  it("is followed through navigation, parameters and the browser's buttons", () => {
    render(<Where />);
    act(() => navigate("/clients?q=ma#code"));
    expect(where()).toBe("/clients|ma|code");
    act(() => setParams({ q: "may" }));
    expect(where()).toBe("/clients|may|");
    act(() => {
      window.history.replaceState(null, "", "/team");
      window.dispatchEvent(new PopStateEvent("popstate"));
    });
    expect(where()).toBe("/team||");
  });

  it("keeps other parameters and drops empty ones", () => {
    expect(withParams("/inbox", { q: "" }, "?q=a&show=unread")).toBe("/inbox?show=unread");
    expect(withParams("/inbox", { q: "a b" })).toBe("/inbox?q=a+b");
    expect(withParams("/inbox", { show: "" }, "?show=x")).toBe("/inbox");
  });
});

describe("a link", () => {
  it("goes there without loading the page", () => {
    const load = vi.fn();
    render(
      <>
        <Link href="/team" onClick={(e) => load(e.defaultPrevented)}>
          Team
        </Link>
        <Where />
      </>,
    );
    fireEvent.click(screen.getByText("Team"));
    expect(where()).toBe("/team||");
  });

  it("leaves clicks for a new tab to the browser", () => {
    render(
      <>
        <Link href="/team">Team</Link>
        <Where />
      </>,
    );
    fireEvent.click(screen.getByText("Team"), { metaKey: true });
    fireEvent.click(screen.getByText("Team"), { button: 1 });
    expect(where()).toBe("/inbox||");
  });
});

describe("a guard", () => {
  it("asks before leaving the page, not for a parameter, and no longer once lifted", () => {
    const confirm = vi.fn(() => false);
    vi.stubGlobal("confirm", confirm);
    const lift = guardLeaving();
    render(<Where />);
    act(() => setParams({ q: "x" }));
    expect(confirm).not.toHaveBeenCalled();
    act(() => navigate("/team"));
    expect(where()).toBe("/inbox|x|");
    lift();
    act(() => navigate("/team"));
    expect(where()).toBe("/team||");
    expect(confirm).toHaveBeenCalledTimes(1);
  });
});
