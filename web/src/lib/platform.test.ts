import { expect, it } from "vitest";
import { platformOf } from "./platform.ts";

const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const blink = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";
const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)";
const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const android = "Mozilla/5.0 (Linux; Android 15; Pixel 9)";

it.each([
  [`${iphone} ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`, 5, "iphone", "safari"],
  [`${iphone} ${webkit} Mobile/15E148`, 5, "iphone", "safari"],
  [`${iphone} ${webkit} CriOS/140.0 Mobile/15E148 Safari/604.1`, 5, "iphone", "chrome"],
  [`${iphone} ${webkit} Mobile/15E148 Instagram 390.0`, 5, "iphone", "inside"],
  [`${mac} ${webkit} Version/18.5 Safari/605.1.15`, 5, "ipad", "safari"],
  [`${mac} ${webkit} Version/18.5 Safari/605.1.15`, 0, "mac", "safari"],
  [`${mac} ${blink} Safari/537.36`, 0, "mac", "chrome"],
  [`${android} ${blink} Mobile Safari/537.36`, 5, "android", "chrome"],
  [`${android} ${webkit} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`, 5, "android", "samsung"],
  [`${android}; wv) ${blink} Mobile Safari/537.36`, 5, "android", "inside"],
  ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", 5, "android", "firefox"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Safari/537.36 Edg/140.0`, 0, "desktop", "edge"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 0, "desktop", "firefox"],
  ["", 0, "desktop", "other"],
])("%s with %i touches is %s, %s", (userAgent, maxTouchPoints, system, browser) =>
  expect(platformOf({ userAgent, maxTouchPoints })).toEqual({ system, browser }),
);
