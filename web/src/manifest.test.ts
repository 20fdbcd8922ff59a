import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { places } from "./lib/places.ts";

const web = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(web, path), "utf8");

interface Picture {
  src: string;
  sizes: string;
  purpose?: string;
}

const manifest = JSON.parse(read("public/manifest.webmanifest")) as {
  start_url: string;
  theme_color: string;
  background_color: string;
  user_preferences: { color_scheme: { dark: { theme_color: string; background_color: string } } };
  icons: Picture[];
  shortcuts: { url: string; icons: Picture[] }[];
  share_target: { action: string };
};
const page = read("index.html");

/** Edge lengths of a PNG file, from its header. */
function size(path: string): string {
  const png = readFileSync(join(web, "public", path));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

describe("the manifest", () => {
  it("has the colours of the page's ground in both themes, as the page itself", () => {
    const [light = "", dark = ""] = [...read("src/ui/tokens.css").matchAll(/--canvas: (#\w+)/g)].map(
      (m) => m[1],
    );
    const { theme_color, background_color, user_preferences } = manifest;
    expect([theme_color, background_color]).toEqual([light, light]);
    expect(user_preferences.color_scheme.dark).toEqual({ theme_color: dark, background_color: dark });
    expect(page).toContain(`data-of="light" content="${light}"`);
    expect(page).toContain(`data-of="dark" content="${dark}"`);
  });

  it("names pictures that are there and as large as it says", () => {
    const all = [...manifest.icons, ...manifest.shortcuts.flatMap((s) => s.icons)];
    expect(all.map((i) => size(i.src))).toEqual(all.map((i) => i.sizes));
    for (const purpose of ["any", "maskable", "monochrome"])
      expect(manifest.icons.filter((i) => i.purpose === purpose && i.sizes === "512x512")).toHaveLength(1);
    expect(size("/icons/apple-touch-180.png")).toBe("180x180");
    expect(page).toContain("/icons/apple-touch-180.png");
  });

  it("leads to pages of the app", () => {
    const addresses = [
      manifest.start_url,
      manifest.share_target.action,
      ...manifest.shortcuts.map((s) => s.url),
    ];
    for (const address of addresses) expect(places).toContain(address.split(/[/?]/)[1]);
  });
});
