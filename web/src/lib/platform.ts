/** What the app runs on, as far as that changes how it is installed. */
export interface Platform {
  system: "iphone" | "ipad" | "android" | "mac" | "desktop";
  /** `inside` is a browser that another app brings along, which installs nothing. */
  browser: "safari" | "chrome" | "edge" | "firefox" | "samsung" | "inside" | "other";
}

/** What the browser says of itself. */
export interface Hints {
  userAgent: string;
  maxTouchPoints?: number;
}

/** Reads it from what the browser says of itself. */
export function platformOf({ userAgent: ua, maxTouchPoints = 0 }: Hints): Platform {
  const system = systemOf(ua, maxTouchPoints);
  return { system, browser: browserOf(ua, system) };
}

function systemOf(ua: string, touches: number): Platform["system"] {
  if (/iPhone|iPod/.test(ua)) return "iphone";
  // An iPad says that it is a Mac, but Macs have no screen to touch.
  if (/iPad/.test(ua) || (/Macintosh/.test(ua) && touches > 1)) return "ipad";
  if (/Android/.test(ua)) return "android";
  return /Macintosh/.test(ua) ? "mac" : "desktop";
}

const browsers: readonly (readonly [RegExp, Platform["browser"]])[] = [
  [/FBAN|FBAV|Instagram|Line\/|; wv\)/, "inside"],
  [/Edg(e|A|iOS)?\//, "edge"],
  [/SamsungBrowser\//, "samsung"],
  [/OPR\/|OPT\//, "other"],
  [/Firefox\/|FxiOS\//, "firefox"],
  [/Chrome\/|CriOS\//, "chrome"],
  [/Safari\//, "safari"],
];

function browserOf(ua: string, system: Platform["system"]): Platform["browser"] {
  const found = browsers.find(([sign]) => sign.test(ua))?.[1];
  // An app installed on an iPhone leaves the browser's name out.
  return found ?? (system === "iphone" || system === "ipad" ? "safari" : "other");
}
