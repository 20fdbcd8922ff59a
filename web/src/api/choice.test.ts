import { describe, expect, it } from "vitest";
import { client } from "../test.fixtures.ts";
import {
  asked,
  type Choice,
  everyone,
  isEmpty,
  leaveOut,
  noChoice,
  putBack,
  repick,
  within,
} from "./choice.ts";
import { clientRecipient, many } from "./recipients.ts";

const me = "u-noor";
const maya = clientRecipient(client({ id: "maya", name: "Maya", group_id: "g-1", care_team_ids: [me] }));
const ben = clientRecipient(client({ id: "ben", name: "Ben", group_id: null, care_team_ids: ["u-other"] }));
const group = many("group", "g-1", "Diabetes Prevention", "");
const [mine, all] = everyone(true);
const pick = (...picked: Choice["picked"]): Choice => ({ picked, without: [] });

describe("what the server is asked", () => {
  it("is each kind by its name, and nothing that is not chosen", () => {
    expect(asked(noChoice)).toEqual({});
    expect(isEmpty(asked({ picked: [], without: [maya] }))).toBe(true);
    const list = { ...many("list", "list", "people.csv", ""), ids: ["x", "y"] };
    const filter = { ...many("filter", "filter", "Off", ""), filter: { direct: "off" as const } };
    const choice = { picked: [maya, group, ...(mine ? [mine] : []), list, filter], without: [ben] };
    expect(asked(choice)).toEqual({
      client_ids: ["maya", "x", "y"],
      group_ids: ["g-1"],
      all: "my_active",
      filter: { direct: "off" },
      exclude_ids: ["ben"],
    });
  });

  it("is the larger of both when everyone is chosen twice", () => {
    expect(asked(pick(...everyone(true))).all).toBe("organization_active");
    expect(everyone(false)).toHaveLength(1);
  });
});

describe("who is among many", () => {
  it("is told by group, care team, filter and list", () => {
    const among = (...picked: Choice["picked"]) => [maya, ben].map((p) => within(picked, p, me));
    expect(among(group)).toEqual([true, false]);
    if (mine) expect(among(mine)).toEqual([true, false]);
    if (all) expect(among(all)).toEqual([true, true]);
    expect(among({ ...many("list", "l", "", ""), ids: ["ben"] })).toEqual([false, true]);
    const off = { ...many("filter", "f", "", ""), filter: { direct: "off" as const } };
    expect(among(off)).toEqual([false, false]);
    const seen = { ...many("filter", "f", "", ""), filter: { seen_after: "2026-01-01T00:00:00Z" } };
    expect(among(seen)).toEqual([false, false]);
  });
});

describe("taking single people out", () => {
  it("lasts while somebody else would bring them in", () => {
    const out = leaveOut(pick(group), maya);
    expect(asked(out).exclude_ids).toEqual(["maya"]);
    expect(putBack(out, "maya").without).toEqual([]);
    expect(repick(out, [group, ben], me).without).toEqual([maya]);
    expect(repick(out, [], me).without).toEqual([]);
    expect(repick(out, [group, maya], me).without).toEqual([]);
  });

  it("keeps only the newest filter", () => {
    const a = many("filter", "a", "", "");
    const b = many("filter", "b", "", "");
    expect(repick(noChoice, [a, group, b], me).picked).toEqual([group, b]);
  });
});
