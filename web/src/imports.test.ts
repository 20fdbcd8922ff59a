import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

// lib → worker; lib, api, ui → live → features → app; never back, never feature → feature.
const rank: Record<string, number> = { lib: 0, worker: 0, api: 1, ui: 2, live: 3, features: 4, app: 5 };
const root = import.meta.dirname;

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) ? [path] : [];
  });
}

/** "features/clients" for a feature, else the top folder; "" for files directly in src. */
function room(path: string): { top: string; feature: string } {
  const [top = "", feature = ""] = relative(root, path).split("/");
  return { top: top in rank ? top : "", feature: top === "features" ? feature : "" };
}

export function violations(file: string, text: string): string[] {
  const from = room(file);
  if (from.top === "") return [];
  const found: string[] = [];
  for (const [, spec = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const to = room(join(dirname(file), spec));
    const label = `${relative(root, file)} → ${spec}`;
    if (to.top === "") continue;
    if ((rank[to.top] ?? 0) > (rank[from.top] ?? 0)) found.push(`${label}: goes up`);
    else if (to.top === "features" && from.top === "features" && to.feature !== from.feature)
      found.push(`${label}: feature to feature`);
  }
  return found;
}

describe("imports", () => {
  it("go one way only", () => {
    const files = sources(root);
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => violations(file, readFileSync(file, "utf8")))).toEqual([]);
  });

  it("are caught when they go up, sideways or are lazy", () => {
    const file = join(root, "features/clients/x.ts");
    expect(violations(join(root, "lib/x.ts"), 'import { a } from "../api/client.ts";')).toHaveLength(1);
    expect(violations(file, 'import { a } from "../team/TeamPage.tsx";')).toHaveLength(1);
    expect(violations(file, 'const a = import("../../app/App.tsx");')).toHaveLength(1);
    expect(violations(file, 'import { a } from "./queries.ts"; import { b } from "../../ui/cx.ts";')).toEqual(
      [],
    );
  });

  it("of react-aria stay out of what the inbox loads first", () => {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path) || !/\.tsx?$/.test(path)) return;
      seen.add(path);
      const text = readFileSync(path, "utf8");
      expect(text.includes('"react-aria-components"'), relative(root, path)).toBe(false);
      for (const [, spec = ""] of text.matchAll(/^import (?!type )[^;]*?"(\.[^"]+)";/gms))
        visit(join(dirname(path), spec));
    };
    visit(join(root, "main.tsx"));
    expect(seen.size).toBeGreaterThan(40);
  });
});
