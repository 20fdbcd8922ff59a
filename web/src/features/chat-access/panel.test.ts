import { describe, expect, it } from "vitest";
import type { ClientAccess } from "../../api/types.ts";
import { clientAccess, noor, priya, switchAccess } from "./test.fixtures.ts";
import {
  arrive,
  changes,
  current,
  decide,
  discard,
  edit,
  follow,
  invalid,
  ladder,
  longestReason,
  open,
  stored,
  toSave,
  turn,
} from "./panel.ts";
import { endOfDay } from "./until.ts";

const off = (over = {}) =>
  switchAccess({
    effective: false,
    source: "client",
    own: "off",
    changed_by: noor,
    changed_at: "2026-11-12T10:00:00.000Z",
    ...over,
  });

describe("deciding", () => {
  it.each([
    ["on", "off", "off", true, "client"],
    ["off", "on", "on", false, "client"],
    ["unset", "off", "on", false, "group"],
    ["unset", "on", "off", true, "group"],
    ["unset", "unset", "on", true, "default"],
    ["unset", "unset", "off", false, "default"],
  ] as const)("own %s, group %s, default %s is %s by the %s", (own, group, fallback, on, place) => {
    expect(decide(switchAccess({ group, default: fallback }), own)).toEqual({ on, place });
  });
});

describe("the ladder", () => {
  it("marks the place that decides as in effect while nothing is edited", () => {
    expect(ladder(switchAccess({ group: "on" }), "unset").map((r) => r.state)).toEqual(["", "in_effect", ""]);
  });
  it("says what decides once saved while the own value is edited", () => {
    const rungs = ladder(switchAccess({ group: "on" }), "off");
    expect(rungs.map((r) => [r.value, r.state])).toEqual([
      ["off", "once_saved"],
      ["on", ""],
      ["on", ""],
    ]);
  });
});

describe("editing", () => {
  it("turns a followed switch into an own value, and back into none", () => {
    const turned = turn(open(clientAccess()), "direct", false);
    expect(current(turned, "direct").own).toBe("off");
    expect(changes(turned)).toBe(1);
    const back = turn(turned, "direct", true);
    expect(current(back, "direct").own).toBe("unset");
    expect(changes(back)).toBe(0);
  });
  it("takes the stored reason back with the stored value, and asks for a new one otherwise", () => {
    const panel = open(clientAccess({ direct: off({ reason: "Weekly calls" }) }));
    const turned = turn(panel, "direct", true);
    expect(current(turned, "direct")).toEqual({ own: "on", reason: "", until: "" });
    expect(current(turn(turned, "direct", false), "direct").reason).toBe("Weekly calls");
  });
  it("removes the own value to follow the group", () => {
    const panel = follow(open(clientAccess({ direct: off({ group: "on" }) })), "direct");
    expect(decide(panel.base.direct, current(panel, "direct").own)).toEqual({ on: true, place: "group" });
    expect(toSave(panel)).toEqual({ direct: "unset", direct_reason: null, direct_until: null });
  });
  it("counts a changed reason and a changed end as one change each", () => {
    const panel = open(clientAccess({ direct: off() }));
    const before = stored(panel.base.direct);
    expect(changes(edit(panel, "direct", { ...before, reason: "Calls" }))).toBe(1);
    expect(changes(edit(panel, "direct", { ...before, reason: "Calls", until: "2031-01-01" }))).toBe(2);
    expect(changes(edit(panel, "direct", { ...before, reason: "  " }))).toBe(0);
  });
  it("does not take the group's reason for the client's own", () => {
    const group = switchAccess({ effective: false, source: "group", group: "off", reason: "Program ends" });
    expect(stored(group)).toEqual({ own: "unset", reason: "", until: "" });
  });
  it("refuses a day that is over and a reason that is too long", () => {
    const panel = open(clientAccess({ direct: off() }));
    const before = stored(panel.base.direct);
    const now = new Date(2026, 10, 20, 12);
    expect(invalid(edit(panel, "direct", { ...before, until: "2026-11-19" }), now)).toBe(true);
    expect(invalid(edit(panel, "direct", { ...before, until: "2026-11-20" }), now)).toBe(false);
    expect(invalid(edit(panel, "direct", { ...before, reason: "x".repeat(longestReason + 1) }), now)).toBe(
      true,
    );
  });
  it("discards everything", () => {
    expect(changes(discard(turn(open(clientAccess()), "direct", false)))).toBe(0);
  });
});

describe("saving", () => {
  it("gives each edited switch its own reason and end", () => {
    let panel = turn(turn(open(clientAccess()), "direct", false), "community", false);
    panel = edit(panel, "direct", { own: "off", reason: " Calls ", until: "2031-01-01" });
    expect(toSave(panel)).toEqual({
      direct: "off",
      direct_reason: "Calls",
      direct_until: endOfDay("2031-01-01"),
      community: "off",
      community_reason: null,
      community_until: null,
    });
  });
  it("keeps the exact moment of an end that was not touched", () => {
    const until = "2031-01-01T20:15:00.000Z";
    const panel = open(clientAccess({ direct: off({ until }) }));
    const edited = edit(panel, "direct", { ...stored(panel.base.direct), reason: "Calls" });
    expect(toSave(edited)).toEqual({ direct: "off", direct_reason: "Calls", direct_until: until });
  });
});

describe("a change by someone else", () => {
  const theirs: ClientAccess = clientAccess({
    version: 2,
    community: switchAccess({
      effective: false,
      source: "client",
      own: "off",
      changed_by: priya,
      changed_at: "2026-11-20T10:00:00.000Z",
    }),
  });
  it("is simply shown while nothing is edited", () => {
    const panel = arrive(open(clientAccess()), theirs);
    expect(panel).toMatchObject({ base: theirs, conflict: null });
  });
  it("is told with the edits kept, and they go onto the new version", () => {
    const panel = arrive(turn(open(clientAccess()), "direct", false), theirs);
    expect(panel.conflict?.by).toBe("Priya Raghunathan");
    expect(panel.base.version).toBe(2);
    expect(current(panel, "community").own).toBe("off");
    expect(toSave(panel)).toEqual({ direct: "off", direct_reason: null, direct_until: null });
  });
  it("ends an edit that it made true", () => {
    const panel = arrive(turn(open(clientAccess()), "community", false), theirs);
    expect(panel).toMatchObject({ edits: {}, conflict: null });
  });
  it("is measured from what the edits were made on, also after a second one", () => {
    const once = arrive(turn(open(clientAccess()), "direct", false), theirs);
    const twice = arrive(once, { ...theirs, version: 3 });
    expect(twice.conflict?.before.version).toBe(1);
    expect(twice.conflict?.after.version).toBe(3);
  });
  it("of the group is taken over without asking", () => {
    const grouped = clientAccess({ direct: switchAccess({ group: "on", source: "group" }) });
    const panel = arrive(turn(open(clientAccess()), "direct", false), grouped);
    expect(panel.conflict).toBeNull();
    expect(panel.base.direct.group).toBe("on");
  });
  it("that is older than what is shown is left alone", () => {
    const panel = open(theirs);
    expect(arrive(panel, clientAccess())).toBe(panel);
  });
});
