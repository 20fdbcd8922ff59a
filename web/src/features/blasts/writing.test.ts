import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../api/client.ts";
import { groupRecipient } from "../../api/recipients.ts";
import type { Group } from "../../api/types.ts";
import { changes } from "./changes.ts";
import { filled, lengthOf, templateBody, unknownFields } from "./fields.ts";
import { content, emptyForm, filterOf, type Form, isBlank, listOf } from "./form.ts";
import { isStale, obstacle, problemWords } from "./problems.ts";
import { preview } from "./test.fixtures.ts";
import { createKeeper } from "./useKeeper.ts";

const group = groupRecipient({ id: "g", name: "Steady Plates", client_count: 41 } as Group);
const form = (over: Partial<Form> = {}): Form => ({
  ...emptyForm,
  body: "Hello",
  choice: { picked: [group], without: [] },
  ...over,
});

describe("fields", () => {
  const values = { first_name: "Tobias", provider: "Dr. Brandt", practice: "Alder Row" };
  it("are filled for one reader, and what is no field stays", () => {
    expect(filled("Hi {{first_name}}, {{ provider }} at {{practice}}. {{next}} {x}", values)).toBe(
      "Hi Tobias, Dr. Brandt at Alder Row. {{next}} {x}",
    );
    expect(unknownFields("{{next}} {{first_name}} {{next}} {{other}}")).toEqual(["{{next}}", "{{other}}"]);
  });

  it("of a template that only one conversation can fill become gaps", () => {
    expect(templateBody("Hi {{first_name}}, next is {{next_step}}.")).toEqual({
      text: "Hi {{first_name}}, next is [next step].",
      gaps: ["[next step]"],
    });
  });

  it("and signs are counted as the server counts them", () => expect(lengthOf("a👍🏽")).toBe(3));
});

describe("what stands in the way", () => {
  const p = preview();
  const why = (over: Partial<Form>, more: object = {}) =>
    obstacle(
      { form: form(over), preview: p, files: 0, busy: false, ...more },
      Date.parse("2026-11-20T18:00:00Z"),
    );

  it("is told one at a time, and nothing when it can go", () => {
    expect(why({})).toBe("");
    expect(why({ choice: emptyForm.choice })).toBe("Choose who gets it.");
    expect(why({}, { preview: undefined })).toContain("Counting");
    expect(why({}, { preview: preview({ reachable: 0 }) })).toContain("Nobody of these");
    expect(why({ body: " " })).toBe("Write the message.");
    expect(why({ body: " " }, { files: 1 })).toBe("");
    expect(why({ body: "x".repeat(20_001) })).toContain("1 character too long");
    expect(why({ body: "{{nex}}" })).toContain("fields");
    expect(why({}, { busy: true })).toContain("files");
    expect(why({ sendAt: "2026-11-20T17:59:00Z" })).toContain("still to come");
  });

  it("is the limit of the day, with its numbers, for what goes today", () => {
    const used = { preview: preview({ allowance: { limit: 5_000, used: 4_990 } }) };
    expect(why({}, used)).toContain("4,990 are used, so there is room for 10 and not for 43");
    expect(why({ sendAt: "2026-11-21T17:59:00Z" }, used)).toBe("");
  });
});

describe("a refusal", () => {
  it("is told in its own words, a limit with its numbers", () => {
    const limited = new ApiError(429, "rate_limited", "4990 are used", [], 60);
    expect(problemWords(limited)).toBe("4990 are used");
    const field = new ApiError(422, "invalid", "x", [
      { field: "recipients", code: "none", detail: "Choose somebody." },
    ]);
    expect(problemWords(field)).toBe("Choose somebody.");
    expect(problemWords(new ApiError(0, "unreachable", ""))).toContain("ever sent twice");
    expect(isStale(new ApiError(409, "version_conflict", ""))).toBe(true);
    expect(isStale(new ApiError(409, "id_reused", ""))).toBe(false);
  });
});

describe("what is sent", () => {
  it("is everything of a new one, and of a changed one only what was changed", () => {
    expect(content(form({ title: " A " }), [])).toEqual({
      body: "Hello",
      title: "A",
      recipients: { group_ids: ["g"] },
      attachment_ids: [],
      staff_ids: [],
      on_behalf_of: null,
      send_at: null,
    });
    expect(changes({ body: " New " }, null)).toEqual({ body: "New" });
    expect(changes({ onBehalfOf: "", sendAt: "" }, [{ id: "a" }])).toEqual({
      on_behalf_of: null,
      send_at: null,
      attachment_ids: ["a"],
    });
  });

  it("names filters and lists in words", () => {
    const known = { groups: [{ id: "g", name: "Steady Plates" } as Group], staff: [] };
    expect(filterOf({ group_id: "g", direct: "off" }, known).name).toBe(
      "Clients: Steady Plates, Direct Messaging off",
    );
    expect(listOf(["a", "b"], "people.csv")).toMatchObject({ name: "people.csv", size: 2, kind: "list" });
    expect(isBlank(emptyForm)).toBe(true);
    expect(isBlank(form({ body: "" }))).toBe(false);
  });
});

describe("the draft", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is kept after a rest, once, and not when nothing changed", async () => {
    const kept: unknown[] = [];
    const keeper = createKeeper("{}", async (body) => void kept.push(body));
    keeper.change("{}");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept).toEqual([]);
    keeper.change('{"title":"a"}');
    keeper.change('{"title":"ab"}');
    await vi.advanceTimersByTimeAsync(700);
    expect(kept).toEqual([{ title: "ab" }]);
  });

  it("is written again after a failure, and never after it went out", async () => {
    const kept: unknown[] = [];
    let fails = true;
    const drop = vi.fn(async () => undefined);
    const keeper = createKeeper(
      "{}",
      async (body) => {
        if (fails) throw new Error("offline");
        kept.push(body);
      },
      drop,
    );
    keeper.change('{"title":"a"}');
    await vi.advanceTimersByTimeAsync(700);
    fails = false;
    keeper.change('{"title":"a"}');
    await vi.advanceTimersByTimeAsync(700);
    expect(kept).toHaveLength(1);
    await keeper.giveUp();
    keeper.change('{"title":"b"}');
    keeper.flush();
    await vi.advanceTimersByTimeAsync(700);
    expect(kept).toHaveLength(1);
    expect(drop).toHaveBeenCalledTimes(1);
  });
});
