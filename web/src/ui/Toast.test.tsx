import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ToastRegion } from "./Toast.tsx";
import { say, sayUndo, toast, undoLast, undoShown } from "./toast.ts";

beforeEach(() => {
  vi.useFakeTimers();
  toast.set(null);
});
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it("goes by itself after five seconds", () => {
  render(<ToastRegion />);
  act(() => say("Saved."));
  pass(4_900);
  expect(screen.getByText("Saved.")).toBeTruthy();
  pass(200);
  expect(screen.queryByText("Saved.")).toBeNull();
});

it("offers an undo for ten seconds, and waits while someone points at it", () => {
  const undo = vi.fn();
  render(<ToastRegion />);
  act(() => sayUndo("Turned off for 34 clients.", undo));
  pass(undoShown - 2_000);
  const shown = screen.getByText("Turned off for 34 clients.").parentElement as HTMLElement;
  fireEvent.pointerEnter(shown);
  pass(60_000);
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByText("Turned off for 34 clients.")).toBeNull();
});

it("is taken back by key only while it is in sight", () => {
  const undo = vi.fn();
  render(<ToastRegion />);
  act(() => sayUndo("Turned off.", undo));
  pass(undoShown + 100);
  expect(undoLast()).toBe(false);
  expect(undo).not.toHaveBeenCalled();
});
