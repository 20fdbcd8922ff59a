import { expect, it } from "vitest";
import { deviceName } from "./device.ts";

const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const safari = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";

it.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}`, "Chrome on Windows"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/126.0.0.0`, "Edge on Windows"],
  [`Mozilla/5.0 (Linux; Android 14; Pixel 8) ${chrome}`, "Chrome on Android"],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${safari}`, "Safari on iPhone"],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}`, "Safari on Mac"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"],
  ["curl/8", "Browser on this device"],
])("%s", (userAgent, name) => {
  expect(deviceName({ userAgent, maxTouchPoints: 0 })).toBe(name);
});

it("knows an iPad that says it is a Mac", () => {
  const agent = { userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}`, maxTouchPoints: 5 };
  expect(deviceName(agent)).toBe("Safari on iPad");
});
