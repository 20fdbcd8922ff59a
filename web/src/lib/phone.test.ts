import { expect, it } from "vitest";
import { telHref } from "./phone.ts";

it.each([
  ["911", "tel:911"],
  ["(503) 555-0142", "tel:5035550142"],
  ["+41 44 555 01 42", "tel:+41445550142"],
  ["Front desk: 503.555.0142", "tel:5035550142"],
  ["(503) 555-0142 ext. 4", "tel:5035550142;ext=4"],
  ["503 555 0142 x12", "tel:5035550142;ext=12"],
  ["911 or 988", "tel:911"],
  ["112 / 144", "tel:112"],
  ["1-800-CALL-NOW", null],
  ["the front desk", null],
  ["", null],
])("%s leads to %s", (written, href) => expect(telHref(written)).toBe(href));
