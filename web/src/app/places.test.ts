import { expect, it } from "vitest";
import { places } from "../lib/places.ts";
import { openPages } from "./App.tsx";
import { patterns } from "./routes.tsx";

it("the service worker knows every page", () => {
  const all = [...patterns, ...Object.keys(openPages), "/", "/sign-in", "/forgot"];
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((path) => !places.includes(path.split("/")[1] ?? ""))).toEqual([]);
});
