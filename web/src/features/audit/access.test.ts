import { describe, expect, it } from "vitest";
import { accessDetail, accessEvent } from "./access.ts";

const off = { place: "client", switch: "direct", old: "unset", new: "off", how: "profile" };

describe("an entry about who may chat", () => {
  it("says which switch, and with its colour which way", () => {
    expect(accessEvent("chat_access.changed", off)).toEqual({ label: "Direct Messaging off", tone: "amber" });
    const on = { ...off, switch: "community", new: "on" };
    expect(accessEvent("chat_access.changed", on)).toEqual({ label: "Community Chat on", tone: "pine" });
    expect(accessEvent("chat_access.changed", { ...off, new: "unset" })?.tone).toBe("plain");
    expect(accessEvent("chat_access.bulk_changed", { direct: "off", community: "on" })).toEqual({
      label: "Direct Messaging off, Community Chat on",
      tone: "plain",
    });
  });

  it("says until when, why, what was before, and by which door where it was not a person’s", () => {
    const until = new Date(new Date().getFullYear(), 11, 2).toISOString();
    expect(accessDetail("chat_access.changed", { ...off, reason: "Weekly calls ", until })).toBe(
      "Until Dec 1. “Weekly calls”. Was not set",
    );
    expect(accessDetail("chat_access.changed", { ...off, old: "off", new: "unset", how: "schedule" })).toBe(
      "Was off. Its end was reached",
    );
  });

  it("counts", () => {
    expect(
      accessDetail("chat_access.bulk_changed", { changed: 34, matched: 37, how: "import", direct: "off" }),
    ).toBe("34 of 37 clients changed. By an import");
    expect(accessDetail("chat_access.bulk_undone", { restored: 1, left: 2 })).toBe(
      "1 client restored, 2 changed since and left",
    );
  });

  it("is left to the general words where it is about something else, or unreadable", () => {
    expect(accessEvent("client.created", off)).toBeNull();
    expect(accessEvent("chat_access.changed", { switch: "video" })).toBeNull();
    expect(accessDetail("chat_access.exported", null)).toBeNull();
    expect(accessDetail("client.changed", off)).toBeNull();
  });
});
