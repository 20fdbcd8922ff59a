import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { ClientNotice, withoutNumbers } from "./OffNotice.tsx";

const notice = {
  title: "Messaging is turned off",
  body: "You can still read everything here. To reach your care team, call Alder Row Clinic at (503) 555-0142, Monday–Friday, 8 AM–6 PM. In an emergency, call 911.",
  phone: "(503) 555-0142",
  hours: "Monday–Friday, 8 AM–6 PM",
  emergency: "911",
};

afterEach(cleanup);

describe("the text beside the call buttons", () => {
  it("leaves to the buttons what they say", () => {
    expect(withoutNumbers(notice)).toBe(
      "You can still read everything here. To reach your care team, call Alder Row Clinic, Monday–Friday, 8 AM–6 PM.",
    );
    expect(withoutNumbers({ ...notice, phone: "" })).toContain("at (503) 555-0142");
    expect(withoutNumbers({ ...notice, emergency: "112" })).toBe(
      notice.body.replace(" at (503) 555-0142", ""),
    );
  });
  it("is a practice’s own words as they were written", () => {
    const own = "Meet us at (503) 555-0142 or at the desk. In an emergency, call 911 or come in.";
    expect(withoutNumbers({ ...notice, body: own })).toBe(own);
  });
});

describe("the call buttons", () => {
  it("are links", () => {
    render(<ClientNotice notice={notice} />);
    expect(screen.getAllByRole("link").map((a) => a.getAttribute("href"))).toEqual([
      "tel:5035550142",
      "tel:911",
    ]);
  });
  it("call nobody in a preview, nor where no number can be read", () => {
    render(<ClientNotice notice={notice} preview />);
    render(<ClientNotice notice={{ ...notice, phone: "the front desk", emergency: "" }} />);
    expect(screen.queryAllByRole("link")).toEqual([]);
    expect(screen.getByText("Call the front desk")).toBeTruthy();
  });
});
