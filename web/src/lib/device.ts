import { type Hints, platformOf } from "./platform.ts";

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, "iPhone"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Macintosh/, "Mac"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const browsers = {
  safari: "Safari",
  chrome: "Chrome",
  edge: "Edge",
  firefox: "Firefox",
  samsung: "Samsung Internet",
  inside: "Browser",
  other: "Browser",
} as const;

/** What a person would call the browser they are at: "Chrome on Android". */
export function deviceName(hints: Hints = navigator): string {
  const { system, browser } = platformOf(hints);
  const named = systems.find(([sign]) => sign.test(hints.userAgent))?.[1] ?? "this device";
  return `${browsers[browser]} on ${system === "ipad" ? "iPad" : named}`;
}
