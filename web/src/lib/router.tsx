import { type AnchorHTMLAttributes, type MouseEvent, useCallback, useSyncExternalStore } from "react";

// A history router of one file: the address is the only state, and every
// change of it goes through navigate or the browser's own buttons.

const changed = new Set<() => void>();

function notify(): void {
  for (const listener of [...changed]) listener();
}

function subscribe(listener: () => void): () => void {
  if (changed.size === 0) window.addEventListener("popstate", notify);
  changed.add(listener);
  return () => {
    changed.delete(listener);
    if (changed.size === 0) window.removeEventListener("popstate", notify);
  };
}

export function navigate(to: string, how: { replace?: boolean } = {}): void {
  const now = window.location.pathname + window.location.search + window.location.hash;
  if (to === now || !mayLeave(to)) return;
  if (how.replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  notify();
}

/** The path, e.g. "/inbox/0190…". */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** The value of one query parameter, "" when it is missing. */
export function useParam(name: string): string {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(window.location.search).get(name) ?? "");
}

/** Changes some query parameters of the current address; "" removes one. */
export function setParams(
  changes: Record<string, string>,
  how: { replace?: boolean } = { replace: true },
): void {
  navigate(withParams(window.location.pathname, changes, window.location.search), how);
}

/** An address with some query parameters set; "" removes one. */
export function withParams(path: string, changes: Record<string, string>, search = ""): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** What follows # in the address when the page was opened; setup codes and tokens come that way. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => decodeURIComponent(window.location.hash.slice(1)));
}

/** Matches "/clients/:id" against a path; null when it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.replace(/(.)\/+$/, "$1").split("/");
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = have[i] ?? "";
    if (part.startsWith(":") && value !== "") params[part.slice(1)] = safeDecode(value);
    else if (part !== value) return null;
  }
  return params;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; replace?: boolean };

/** An ordinary link that changes the address without loading the page again. */
export function Link({ replace, onClick, ...rest }: LinkProps) {
  const { href, target } = rest;
  const follow = useCallback(
    (event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event);
      const plain =
        event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (event.defaultPrevented || !plain || (target && target !== "_self")) return;
      event.preventDefault();
      navigate(href, { replace: replace ?? false });
    },
    [href, onClick, replace, target],
  );
  return <a {...rest} onClick={follow} />;
}

const guards = new Set<symbol>();

/** While any guard stands, leaving the page asks first. Returns how to lift it. */
export function guardLeaving(): () => void {
  const mine = Symbol("guard");
  guards.add(mine);
  window.addEventListener("beforeunload", askBefore);
  return () => {
    guards.delete(mine);
    if (guards.size === 0) window.removeEventListener("beforeunload", askBefore);
  };
}

function askBefore(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function mayLeave(to: string): boolean {
  if (guards.size === 0 || new URL(to, window.location.href).pathname === window.location.pathname)
    return true;
  return window.confirm("You have changes that are not saved. Leave without saving them?");
}
