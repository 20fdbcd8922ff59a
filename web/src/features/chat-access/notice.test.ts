import { expect, it } from "vitest";
import { blankNotice, filled, previewed } from "./notice.ts";

const defaults = {
  title: "Messaging is turned off",
  body: "You can still read everything here. To reach your care team, contact Alder Row Clinic. In an emergency, call 911.",
  phone: "",
  hours: "",
  emergency: "911",
};

it("uses the default where a text is empty", () => {
  expect(filled({ ...blankNotice, phone: " 555 " }, defaults)).toEqual({ ...defaults, phone: "555" });
});

it("shows the default text with what is being typed", () => {
  const typed = { ...blankNotice, phone: "(503) 555-0142", hours: "Monday–Friday, 8 AM–6 PM" };
  expect(previewed(typed, blankNotice, defaults, "Alder Row Clinic").body).toBe(
    "You can still read everything here. To reach your care team, call Alder Row Clinic at (503) 555-0142, Monday–Friday, 8 AM–6 PM. In an emergency, call 911.",
  );
  expect(previewed(blankNotice, blankNotice, defaults, "Alder Row Clinic").body).toBe(defaults.body);
  expect(previewed({ ...typed, body: "Ours." }, blankNotice, defaults, "x").body).toBe("Ours.");
});
