import { describe, expect, it } from "vitest";
import type { Member } from "../../api/types.ts";
import { candidates, fromTokens, mentionAt, toTokens } from "./mentions.ts";

const ids = ["1", "2", "3"].map((n) => `0190b1c2-0000-7000-8000-00000000000${n}`);
const people = ["Wren Alder", "Wren Alderson", "Åsa Lind"].map((name, i) => ({
  user_id: ids[i] ?? "",
  name,
  kind: "client",
})) as Member[];
const token = (i: number) => `<@${ids[i]}>`;

describe("mentions", () => {
  it("are typed after an @ that begins a word", () => {
    expect(mentionAt("hi @wr", 6)).toEqual({ start: 3, typed: "wr" });
    expect(mentionAt("hi @wren al", 11)).toEqual({ start: 3, typed: "wren al" });
    expect(mentionAt("hi @wr", 2)).toBeNull();
    for (const text of ["a@b.example", "@ x", "@a\nb", "@one two three four"])
      expect(mentionAt(text, text.length), text).toBeNull();
  });

  it("offer whom the letters may mean, accents and case aside, and never oneself", () => {
    expect(candidates(people, "", "WR").map((m) => m.name)).toEqual(["Wren Alder", "Wren Alderson"]);
    expect(candidates(people, "", "asa").map((m) => m.name)).toEqual(["Åsa Lind"]);
    expect(candidates(people, ids[2] ?? "", "lind")).toEqual([]);
  });

  it("are sent as tokens, the longer name first, and only whole names", () => {
    expect(toTokens("@Wren Alderson and @Wren Alder!", people)).toBe(`${token(1)} and ${token(0)}!`);
    expect(toTokens("@Wren, x@Wren Alder, @Wren Aldergrove", people)).toBe(
      "@Wren, x@Wren Alder, @Wren Aldergrove",
    );
  });

  it("of namesakes mean the one who was picked", () => {
    const twins = [people[0], { ...people[2], name: "Wren Alder" }] as Member[];
    expect(toTokens("@Wren Alder", twins, { "Wren Alder": ids[2] ?? "" })).toBe(token(2));
  });

  it("read back are what was typed", () => {
    const shown = people.map((m) => ({ id: m.user_id, name: m.name, kind: m.kind }));
    const text = "@Wren Alder, see @Åsa Lind @ noon";
    expect(fromTokens(toTokens(text, people), shown)).toBe(text);
    expect(fromTokens(token(0), [])).toBe("@someone");
  });
});
