import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { ColourField } from "./ColourField.tsx";
import { changesOf } from "./SettingsPage.tsx";

let written: string;

function Field({ first, error }: { first: string; error?: string }) {
  const [value, setValue] = useState(first);
  written = value;
  return <ColourField value={value} practice="Alder Row" error={error} change={setValue} />;
}

const typed = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Colour as # and six digits" });
const picked = () => screen.getByLabelText<HTMLInputElement>("Pick the colour");
const reset = () => screen.getByRole<HTMLButtonElement>("button", { name: "Use Hearth’s colour" });
const band = () => screen.getByText("Alder Row");
const type = (value: string) => fireEvent.change(typed(), { target: { value } });

describe("the field of the practice's colour", () => {
  it("shows Hearth's own where there is none", () => {
    render(<Field first="" />);
    expect(typed().value).toBe("");
    expect(picked().value).toBe("#1d5f4b");
    expect(reset().disabled).toBe(true);
    expect(screen.getByText("White words on it, contrast 7.5 to 1.")).toBeTruthy();
  });

  it("shows what a mail looks like while one types, and says no error before it is one", () => {
    render(<Field first="#a3245b" />);
    type("#ffd1");
    expect(typed().getAttribute("aria-invalid")).toBeNull();
    expect(picked().value, "the last colour stays").toBe("#a3245b");
    type("FFD166");
    expect(picked().value).toBe("#ffd166");
    expect(band().style.background).toBe("#ffd166");
    expect(band().style.color).toBe("#000000");
    const contrast = screen.getByText(/^Black words on it, contrast 14.6 to 1; links/);
    expect(typed().getAttribute("aria-describedby")).toContain(contrast.id);
  });

  it("says what is no colour: at once where it cannot become one, else on leaving or Enter", () => {
    render(<Field first="" />);
    type("crimson");
    expect(typed().getAttribute("aria-invalid")).toBe("true");
    type("#12");
    expect(typed().getAttribute("aria-invalid")).toBeNull();
    fireEvent.keyDown(typed(), { key: "Enter" });
    expect(typed().getAttribute("aria-invalid")).toBe("true");
    type("#123");
    fireEvent.blur(typed());
    const id = typed().getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(id)?.textContent).toContain("This is no colour.");
  });

  it("goes back to Hearth's, with the focus where one can type", () => {
    render(<Field first="#a3245b" />);
    fireEvent.click(reset());
    expect(written).toBe("");
    expect(picked().value).toBe("#1d5f4b");
    expect(document.activeElement).toBe(typed());
  });

  it("says what the server had against it", () => {
    render(<Field first="#a3245b" error="Must be a colour." />);
    expect(screen.getByText("Must be a colour.")).toBeTruthy();
  });
});

describe("what is sent", () => {
  const before = { name: "Alder Row", name_in_mail: "Alder Row", time_zone: "UTC", colour: "#a3245b" };
  it("is what differs, in the form that is kept", () => {
    expect(changesOf(before, { ...before, colour: " A3245B " })).toEqual({});
    expect(changesOf(before, { ...before, colour: "" })).toEqual({ colour: "" });
    expect(changesOf({ ...before, colour: "" }, before)).toEqual({ colour: "#a3245b" });
    expect(changesOf(before, { ...before, name: " North ", colour: "#0F0F0F" })).toEqual({
      name: "North",
      colour: "#0f0f0f",
    });
  });
});
