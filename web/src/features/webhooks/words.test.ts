import { describe, expect, it } from "vitest";
import type { Webhook, WebhookDelivery } from "../../api/types.ts";
import {
  answerText,
  attemptsText,
  deliveryState,
  eventLabel,
  hostOf,
  nameOf,
  stateOf,
  trouble,
} from "./words.ts";

const now = new Date(2026, 10, 22, 12, 0);
const at = (hour: number) => new Date(2026, 10, 22, hour, 0).toISOString();

const webhook: Webhook = {
  id: "01a039c6-6b20-71fa-ba72-6a8758bd6a64",
  url: "https://records.example.org:8443/in?key=abc",
  description: "",
  events: ["message.created"],
  active: true,
  disabled_why: null,
  failing_since: null,
  old_secret_until: null,
  last: null,
  version: 1,
  created_at: at(8),
};

const delivery: WebhookDelivery = {
  id: "01a039c6-6b20-71fa-ba72-6a8758bd6a65",
  type: "message.created",
  data: {},
  at: at(9),
  state: "waiting",
  due_at: at(9),
  attempts: 0,
  status: null,
  why: null,
  tried_at: null,
};

describe("a webhook", () => {
  it("is called by its description, or else by its host", () => {
    expect(nameOf(webhook)).toBe("records.example.org:8443");
    expect(nameOf({ ...webhook, description: "Care records" })).toBe("Care records");
    expect(hostOf("not an address")).toBe("not an address");
  });

  it("says its state, the gravest first", () => {
    expect(stateOf(webhook)).toEqual({ label: "On", tone: "pine" });
    expect(stateOf({ ...webhook, active: false }).label).toBe("Off");
    expect(stateOf({ ...webhook, failing_since: at(1) }).label).toBe("Failing");
    expect(stateOf({ ...webhook, active: false, failing_since: at(1), disabled_why: "gone" }).label).toBe(
      "Switched off",
    );
  });

  it("says what is wrong and what to do", () => {
    expect(trouble(webhook, now)).toBeNull();
    expect(trouble({ ...webhook, active: false }, now)).toBeNull();
    expect(trouble({ ...webhook, failing_since: at(1) }, now)?.title).toBe(
      "No call has succeeded since Today, 1:00 AM.",
    );
    expect(trouble({ ...webhook, active: false, disabled_why: "gone" }, now)?.text).toContain("answered 410");
    expect(trouble({ ...webhook, active: false, disabled_why: "failing" }, now)?.text).toContain("five days");
  });
});

describe("a delivery", () => {
  it("says how it was answered", () => {
    expect(answerText(delivery)).toBe("");
    expect(answerText({ status: 204, why: null })).toBe("Answered 204");
    expect(answerText({ status: 500, why: "status" })).toBe("Answered 500");
    expect(answerText({ status: 302, why: "redirect" })).toBe("Answered 302: redirects are not followed");
    expect(answerText({ status: null, why: "timeout" })).toBe("No answer within 15 seconds");
    expect(answerText({ status: 500, why: "off" })).toBe("Answered 500");
  });

  it("counts attempts and says when the next one is", () => {
    expect(attemptsText(delivery, now)).toBe("");
    expect(attemptsText({ ...delivery, attempts: 2, due_at: at(16) }, now)).toBe(
      "2 attempts, next Today, 4:00 PM",
    );
    expect(attemptsText({ ...delivery, state: "delivered", attempts: 1, due_at: null }, now)).toBe(
      "1 attempt",
    );
    expect(deliveryState({ ...delivery, state: "failed" }).label).toBe("Failed");
  });

  it("is named by its event, also a test and what is new", () => {
    expect(eventLabel("blast.finished")).toBe("Message blast finished");
    expect(eventLabel("webhook.test")).toBe("Test");
    expect(eventLabel("later.event" as WebhookDelivery["type"])).toBe("later.event");
  });
});
