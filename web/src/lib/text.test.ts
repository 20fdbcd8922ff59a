import { describe, expect, it } from "vitest";
import { conversationTitle } from "./people.ts";
import { callName, count, hue, initials, listed } from "./text.ts";

describe("names", () => {
  it.each([
    ["Leilani Kahale", "LK"],
    ["Dr. Elias Brandt", "EB"],
    ["Steady Plates · Tuesday", "ST"],
    ["Åsa", "Å"],
    ["", "?"],
  ])("of %s has the initials %s", (name, letters) => expect(initials(name)).toBe(letters));

  it.each([
    ["Noor Haddad", "Noor"],
    ["Dr. Elias Brandt", "Dr. Brandt"],
    ["Dr.", "Dr."],
    ["Mononym", "Mononym"],
  ])("%s is called %s", (name, called) => expect(callName(name)).toBe(called));

  it("join like a sentence", () => {
    expect(listed([])).toBe("");
    expect(listed(["A"])).toBe("A");
    expect(listed(["A", "B"])).toBe("A and B");
    expect(listed(["A", "B", "C"])).toBe("A, B and C");
  });

  it("keep their colour", () => {
    expect(hue("Noor Haddad")).toBe(hue("Noor Haddad"));
    for (const name of ["a", "b", "Leilani", "Ö", ""]) expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(hue(name));
  });
});

it("counts in words", () => {
  expect(count(1, "client")).toBe("1 client");
  expect(count(1234, "person", "people")).toBe("1,234 people");
});

describe("a conversation's title", () => {
  const noor = { user_id: "n", name: "Noor", kind: "staff" };
  const elias = { user_id: "e", name: "Elias", kind: "staff" };
  const maya = { user_id: "m", name: "Maya", kind: "client" };
  const direct = { kind: "direct", subject: "", members: [noor, elias, maya] };

  it("is the client for staff and the staff for the client", () => {
    expect(conversationTitle(direct, "n")).toBe("Maya");
    expect(conversationTitle(direct, "m")).toBe("Noor and Elias");
  });

  it("is the subject where there is one, else who else is in it", () => {
    expect(conversationTitle({ kind: "internal", subject: "Care huddle", members: [noor, elias] }, "n")).toBe(
      "Care huddle",
    );
    expect(conversationTitle({ kind: "internal", subject: "", members: [noor, elias] }, "n")).toBe("Elias");
    expect(conversationTitle({ kind: "internal", subject: "", members: [noor] }, "n")).toBe("Only you");
  });

  it("shortens long lists", () => {
    const members = ["a", "b", "c", "d", "e"].map((id) => ({
      user_id: id,
      name: id.toUpperCase(),
      kind: "staff",
    }));
    expect(conversationTitle({ kind: "internal", subject: "", members }, "a")).toBe("B, C and 2 others");
  });
});
