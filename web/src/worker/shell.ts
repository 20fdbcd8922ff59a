import { places } from "../lib/places.ts";

/** What one build of the app consists of, for a device to keep. */
export interface Build {
  /** Other files, another version. */
  version: string;
  /** Paths of everything that is kept; "/" is the page itself. */
  files: readonly string[];
}

/** What the worker asks of a request. */
export interface Asked {
  method: string;
  url: string;
  /** Whether the browser goes to another page with it. */
  navigation: boolean;
}

/**
 * How a request is answered:
 * - `network`: the worker keeps out of it, which goes for the whole API
 * - `file`: a file of this build, from the device
 * - `shell`: a page of the app, from the device
 * - `page`: any other page, from the server while it can be reached
 * - `share`: files that another app hands over
 */
export type Way = "network" | "file" | "shell" | "page" | "share";

const prefix = "hearth-shell-";

export function cacheName(build: Build): string {
  return prefix + build.version;
}

/** The caches that a worker of this build removes when it takes over: all others. */
export function outdated(names: readonly string[], build: Build): string[] {
  return names.filter((name) => name !== cacheName(build));
}

/** Files below assets/ carry a hash in their names: the same name is the same file for ever. */
export function lasting(path: string): boolean {
  return path.startsWith("/assets/");
}

/** Decides how a request is answered; only ever from what the build itself brought. */
export function wayOf(asked: Asked, build: Build, origin: string): Way {
  const url = new URL(asked.url);
  if (url.origin !== origin || url.pathname.startsWith("/api/")) return "network";
  if (asked.navigation && asked.method === "POST" && url.pathname === "/share") return "share";
  if (asked.method !== "GET") return "network";
  if (asked.navigation) return isPlace(url.pathname) ? "shell" : "page";
  return url.pathname !== "/" && build.files.includes(url.pathname) ? "file" : "network";
}

function isPlace(path: string): boolean {
  const [, first = ""] = path.split("/");
  const last = path.slice(path.lastIndexOf("/") + 1);
  return places.includes(first) && !last.includes(".");
}
