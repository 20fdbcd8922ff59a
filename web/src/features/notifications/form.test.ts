import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/client.ts";
import { asFormError, invalid, kindsOf, quietProblem, toEdit, toForm } from "./form.ts";
import { preferences } from "./test.fixtures.ts";

const all = { email: true, push: true, in_app: true };
const staffs = preferences({
  kinds: { direct: all, community: all, team: all, reminder: { ...all, push: false } },
  mentions_only: { community: true, team: false },
});

describe("the form of preferences", () => {
  it("sends what was edited and nothing else", () => {
    const before = toForm(staffs);
    expect(toEdit({ version: 3 }, before)).toEqual({ version: 3 });
    expect(toEdit({ version: 3, "team.email": false, digest: "hourly" }, before)).toEqual({
      version: 3,
      kinds: { team: { email: false } },
      digest: "hourly",
    });
    expect(toEdit({ version: 3, mentions_team: true }, before)).toEqual({
      version: 3,
      mentions_only: { team: true },
    });
  });

  it("sends quiet hours as a whole", () => {
    const { from, days } = staffs.quiet;
    expect(toEdit({ version: 3, quiet_to: "06:00" }, toForm(staffs)).quiet).toEqual({
      on: false,
      from,
      to: "06:00",
      days,
    });
  });

  it("has the practice’s time zone until one is chosen", () => {
    expect(toForm(preferences()).time_zone).toBe("");
    const own = toForm(preferences({ own_time_zone: true, time_zone: "Europe/Berlin" }));
    expect(own.time_zone).toBe("Europe/Berlin");
    expect(toEdit({ version: 1, time_zone: "" }, own).time_zone).toBeNull();
  });

  it("has a client’s kinds for a client and all for staff", () => {
    expect(kindsOf(preferences())).toEqual(["direct", "community"]);
    expect(kindsOf(staffs)).toEqual(["direct", "community", "team", "reminder"]);
    expect(Object.keys(toForm(preferences()))).not.toContain("team.email");
  });

  it("does not take quiet hours without an end, a length or a day", () => {
    const form = { ...toForm(preferences()), quiet_on: true };
    expect(quietProblem(form)).toBe("");
    expect(quietProblem({ ...form, quiet_to: "" })).not.toBe("");
    expect(quietProblem({ ...form, quiet_to: form.quiet_from })).not.toBe("");
    expect(quietProblem({ ...form, quiet_days: [] })).not.toBe("");
    expect(invalid({ ...form, quiet_days: [], quiet_on: false })).toBe(false);
    expect(invalid({ ...form, digest: "daily", daily_at: "" })).toBe(true);
  });

  it("shows who lost what is so now", () => {
    const lost = asFormError(new ApiError(409, "version_conflict", "", [], null, staffs)) as ApiError;
    expect(lost.current).toEqual(toForm(staffs));
    const other = new ApiError(500, "internal", "");
    expect(asFormError(other)).toBe(other);
  });
});
