import { describe, expect, it } from "vitest";
import { exportHref, type Filter, listQuery, matchAll } from "./filter.ts";
import { filterOf, isChosen, nobody, size, toggled } from "./selection.ts";

const filter = (over: Partial<Filter> = {}): Filter => ({
  show: "all",
  q: "",
  group: "",
  provider: "",
  source: "",
  state: "active",
  ...over,
});

describe("the filter", () => {
  it("asks the server for what the chips stand for", () => {
    expect(listQuery(filter({ show: "direct_off" }))).toEqual({ direct: "off" });
    expect(listQuery(filter({ show: "own", source: "group" }))).toEqual({ source: "client" });
    expect(listQuery(filter({ show: "ending", group: "g" }))).toEqual({ group_id: "g", ending: true });
  });
  it("says that everyone is meant where nothing narrows", () => {
    expect(matchAll(filter())).toEqual({ all: true });
    expect(matchAll(filter({ q: "maya" }))).toEqual({ q: "maya" });
  });
  it("exports what is shown", () => {
    expect(exportHref(filter({ q: "a b", state: "archived" }))).toBe(
      "/api/v1/chat-access/export?q=a+b&state=archived",
    );
  });
});

describe("choosing", () => {
  it("adds and leaves out", () => {
    const two = toggled(toggled(nobody, "a", true, []), "b", true, []);
    expect([size(two).count, isChosen(two, "b"), filterOf(two)]).toEqual([
      2,
      true,
      { client_ids: ["a", "b"] },
    ]);
    expect(size(toggled(two, "a", false, []))).toEqual({ count: 1, more: false });
  });
  it("goes from all that match to the loaded ones when one is left out", () => {
    const all = { mode: "all", filter: { all: true }, total: { count: 900, more: true } } as const;
    expect([size(all), filterOf(all)]).toEqual([all.total, { all: true }]);
    expect(filterOf(toggled(all, "b", false, ["a", "b", "c"]))).toEqual({ client_ids: ["a", "c"] });
  });
});
