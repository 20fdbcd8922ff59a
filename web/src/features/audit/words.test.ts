import { describe, expect, it } from "vitest";
import { dayStart } from "./queries.ts";
import { aboutWord, actionLabel, detailText, tone } from "./words.ts";

const id = "01a039c6-6b20-71fa-ba72-6a8758bd6a64";

describe("the audit log's words", () => {
  it("know the events of today and make new ones readable", () => {
    expect(actionLabel("session.failed")).toBe("Sign-in failed");
    expect(actionLabel("chat_access.turned_off")).toBe("Chat access turned off");
  });

  it("turn ids into names, and unknown ones into nobody's", () => {
    const names = (x: string) => (x === id ? "Priya" : undefined);
    expect(detailText({ primary_provider_id: id }, names)).toBe("primary provider: Priya");
    expect(detailText({ user_id: id })).toBe("user: someone");
    expect(detailText({ care_team_ids: { added: [id], removed: null } }, names)).toBe(
      "care team: added Priya",
    );
  });

  it("say old and new, and leave noise out", () => {
    expect(detailText({ role: { old: "support", new: "admin" } })).toBe("role: support → admin");
    expect(detailText({ bearer: false, how: "password" })).toBe("how: password");
    expect(detailText(null)).toBe("");
  });

  it("colour failures and reads apart", () => {
    expect(tone("session.failed")).toBe("danger");
    expect(tone("conversation.read_by_outsider")).toBe("info");
    expect(tone("client.archived")).toBe("amber");
    expect(tone("client.changed")).toBe("plain");
  });

  it("need none for a session", () => {
    expect(aboutWord("session")).toBe("");
    expect(aboutWord("organization")).toBe("Practice");
    expect(aboutWord("conversation")).toBe("Conversation");
  });
});

it("a day begins and ends where the reader lives", () => {
  expect(new Date(dayStart("2026-11-22")).getHours()).toBe(0);
  expect(Date.parse(dayStart("2026-11-22", 1)) - Date.parse(dayStart("2026-11-22"))).toBe(86_400_000);
});
