import { describe, expect, it } from "vitest";
import { type Block, type Inline, isEmojiOnly, parseMarkdown, plainText } from "./markdown.ts";

const user = "0190b1c2-0000-7000-8000-00000000000a";

/** A block as compact text: **bold**, _italic_, `code`, [label](address), (@user). */
function shown(blocks: readonly Block[]): string[] {
  return blocks.map((b) => {
    if (b.type === "code") return `{${b.text}}`;
    if (b.type === "text") return line(b.kids);
    return b.items.map((i) => `${i.value ?? "•"} ${line(i.kids)}`).join(" | ");
  });
}

function line(kids: readonly Inline[]): string {
  return kids
    .map((k) => {
      if (k.type === "text") return k.text;
      if (k.type === "code") return `\`${k.text}\``;
      if (k.type === "mention") return `(@${k.user})`;
      if (k.type === "link") return `[${line(k.kids)}](${k.href})`;
      return k.type === "strong" ? `**${line(k.kids)}**` : `_${line(k.kids)}_`;
    })
    .join("");
}

const one = (body: string) => shown(parseMarkdown(body)).join(" ¶ ");

describe("light markdown", () => {
  it.each([
    ["**bold** and *italic*", "**bold** and _italic_"],
    ["__bold__ and _italic_", "**bold** and _italic_"],
    ["***both***", "**_both_**"],
    ["*a **b** c*", "_a **b** c_"],
    ["2*3*4 and 5 * 6 * 7", "2*3*4 and 5 * 6 * 7"],
    ["snake_case_name", "snake_case_name"],
    ["*open **and* crossed**", "_open **and_ crossed**"],
    ["**never closed", "**never closed"],
    ["*****", "*****"],
    ["**太字**です", "**太字**です"],
    ["\\*not\\* C:\\new", "*not* C:\\new"],
    ["`a*b*c` and ``x ` y``", "`a*b*c` and `x ` y`"],
    ["`open", "`open"],
    ["**a **b** c**", "**a b c**"],
  ])("reads %s", (body, want) => expect(one(body)).toBe(want));

  it("follows only addresses of the web, mail and calls", () => {
    expect(one("see https://example.org/a_(b)?c=d.")).toBe(
      "see [https://example.org/a_(b)?c=d](https://example.org/a_(b)?c=d).",
    );
    expect(one("(www.example.org)")).toBe("([www.example.org](https://www.example.org/))");
    expect(one("to a.b+c@example.org, now")).toBe("to [a.b+c@example.org](mailto:a.b+c@example.org), now");
    expect(one("tel:+15035550142")).toBe("[tel:+15035550142](tel:+15035550142)");
    expect(one("[the plan](https://example.org/x)")).toBe("[the plan](https://example.org/x)");
    for (const bad of [
      "[x](javascript:alert(1))",
      "[x](data:text/html,hi)",
      "[x](//evil.example)",
      "[x](https://a:b@evil/)",
      "javascript:alert(1)",
      "file:///etc/passwd",
      "![x](ftp://example.org/a.png)",
    ])
      expect(one(bad), bad).toBe(bad);
  });

  it("does not let a label claim to be another address", () => {
    const claim = "[https://bank.example](https://evil.example/)";
    expect(one(claim)).not.toContain("[https://bank.example](https://evil.example/)](");
    expect(JSON.stringify(parseMarkdown(claim))).not.toMatch(/bank\.example"[^]*href":"https:\/\/evil/);
    expect(one("[bank.example](https://www.bank.example/login)")).toBe(
      "[bank.example](https://www.bank.example/login)",
    );
  });

  it("shows HTML and pictures as they were written, a picture's address as a link", () => {
    expect(one('<img src=x onerror="alert(1)"> <b>no</b>')).toBe('<img src=x onerror="alert(1)"> <b>no</b>');
    expect(one("![alt](https://example.org/a.png)")).toBe("![alt](https://example.org/a.png)");
  });

  it("reads lists and keeps their numbers", () => {
    expect(one("Two things:\n- one\n- **two**\nthat is all")).toBe(
      "Two things: ¶ • one | • **two** ¶ that is all",
    );
    expect(one("3. c\n5) e")).toBe("3 c | 5 e");
    expect(one("-5 degrees\n1.5 mg")).toBe("-5 degrees\n1.5 mg");
  });

  it("keeps code as it is", () => {
    expect(one("```\n*a*\n\n  b\n```\nafter")).toBe("{*a*\n\n  b} ¶ after");
    expect(one("```\nnever closed")).toBe("```\nnever closed");
  });

  it("finds whom a message names", () => {
    expect(one(`hi <@${user}>, **<@${user}>**`)).toBe(`hi (@${user}), **(@${user})**`);
    expect(one("<@nobody> <@>")).toBe("<@nobody> <@>");
  });

  it("gives the words alone", () => {
    const body = `**Hi** <@${user}>\n- one\n- [two](https://example.org)\n\`x\``;
    expect(plainText(body, () => "Noor")).toBe("Hi @Noor\n• one\n• two\nx");
  });

  it("knows emoji that stand alone", () => {
    for (const body of ["👍", " 👩🏽‍⚕️ ❤️ ", "🇺🇸🎉", "1️⃣"]) expect(isEmojiOnly(body), body).toBe(true);
    for (const body of ["", "1", "ok 👍", "👍👍👍👍", "©ok"]) expect(isEmojiOnly(body), body).toBe(false);
  });
});

/** A generator that gives the same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const bits = [
  "a", "b ", " ", "\n", "*", "**", "***", "_", "__", "`", "``", "```\n", "[", "](", ")", "]", "(", "\\",
  "- ", "1. ", "12) ", "<", ">", "<@", `<@${user}>`, "https://", "http://x.example/", "www.x.example", "javascript:",
  "data:", "@", "a@b.example", "tel:", "mailto:", "é", "字", "👍", "שלום", "!", "<script>", "&lt;", "%00", "\u202e",
]; // prettier-ignore

function anyBody(pick: (below: number) => number): string {
  return Array.from({ length: pick(40) }, () => bits[pick(bits.length)]).join("");
}

/** Everything a reader can get at: words, addresses and numbers. */
function everything(blocks: readonly Block[]): string {
  const of = (kids: readonly Inline[]): string =>
    kids.map((k) => ("kids" in k ? of(k.kids) + (k.type === "link" ? k.href : "") : k.text)).join("");
  return blocks
    .map((b) => {
      if (b.type === "code") return b.text;
      return b.type === "text" ? of(b.kids) : b.items.map((i) => `${i.value ?? ""}${of(i.kids)}`).join("");
    })
    .join("");
}

function eachLink(
  kids: readonly Inline[],
  depth: number,
  visit: (href: string, depth: number) => void,
): void {
  for (const k of kids) {
    if (!("kids" in k)) continue;
    if (k.type === "link") visit(k.href, depth);
    eachLink(k.kids, depth + 1, visit);
  }
}

describe("any text at all", () => {
  const cases = Array.from({ length: 4_000 }, (_, seed) => anyBody(random(seed + 1)));
  const lines = (b: Block) =>
    b.type === "text" ? [b.kids] : b.type === "list" ? b.items.map((i) => i.kids) : [];

  it("never loses a letter, a sign or a number", () => {
    // Browsers write the host of an address in letters of their own.
    const addresses = /(?:https?:\/\/|www\.)\S*/gi;
    const signs = /[\s*_`[\]()\\<>.\-!•]/g;
    for (const body of cases) {
      const words = body
        .replace(/```\w*(?=\n|$)/g, "")
        .replace(addresses, "")
        .replace(signs, "");
      const there = everything(parseMarkdown(body)).replace(signs, "");
      const kept = new Set(there);
      expect(there.length, body).toBeGreaterThanOrEqual(words.length);
      for (const sign of words)
        if (!kept.has(sign)) throw new Error(`lost ${sign} of ${JSON.stringify(body)}`);
    }
  });

  it("never follows an address of another kind, puts no link in a link and nests no deeper than three", () => {
    for (const body of cases) {
      for (const kids of parseMarkdown(body).flatMap(lines)) {
        eachLink(kids, 0, (href) => expect(href).toMatch(/^(https?:\/\/[^/@\s]+|mailto:|tel:)/));
        for (const k of kids) if (k.type === "link") eachLink(k.kids, 1, () => expect.unreachable(body));
        expect(depth(kids), body).toBeLessThanOrEqual(4);
      }
    }
  });

  function depth(kids: readonly Inline[]): number {
    return Math.max(0, ...kids.map((k) => ("kids" in k ? 1 + depth(k.kids) : 1)));
  }

  it.each([
    "*",
    "**a ",
    "_a*b",
    "[",
    "[](",
    "[a](",
    "`",
    "``a`",
    "<@",
    "https://",
    "a@",
    "- \n",
    "```\n",
    "\\",
    "1. a\n*b",
    "https://u:p@x?",
  ])("reads 20,000 signs of %j at once", (part) => {
    const body = part.repeat(Math.ceil(20_000 / part.length)).slice(0, 20_000);
    const blocks = parseMarkdown(body);
    expect(blocks.length).toBeGreaterThanOrEqual(0);
    expect(everything(blocks).length).toBeLessThanOrEqual(2 * body.length);
  });
});
