import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { singleKeysOn } from "./keys.ts";

/** Whether a media query holds, followed live. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
  );
}

export const phone = "(max-width: 760px)";
export const narrow = "(max-width: 1180px)";

/** The value once it has rested for some milliseconds. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** Fetches the next page when what bears the ref, at the end of a list, is nearly in sight. */
export function useEndless(pages: Pages): RefObject<HTMLDivElement | null> {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const mark = end.current;
    if (!mark || !hasNextPage) return;
    const observer = new IntersectionObserver(
      ([seen]) => seen?.isIntersecting && !isFetchingNextPage && void fetchNextPage(),
      { rootMargin: "400px" },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return end;
}

/** Whether someone is looking: the page is visible and its window has the focus. */
export function useAttentive(): boolean {
  return useSyncExternalStore(followAttention, attentive);
}

function attentive(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

function followAttention(listener: () => void): () => void {
  window.addEventListener("focus", listener);
  window.addEventListener("blur", listener);
  document.addEventListener("visibilitychange", listener);
  return () => {
    window.removeEventListener("focus", listener);
    window.removeEventListener("blur", listener);
    document.removeEventListener("visibilitychange", listener);
  };
}

/** Single-key shortcuts: outside text fields, without modifiers, and not while a dialog is open. */
export function useKeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing)
        return;
      if (
        inTextField(event.target) ||
        document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]')
      )
        return;
      if (event.key.length === 1 && !singleKeysOn()) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const act = latest.current[key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function inTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
