import type { Preferences } from "../../api/preferences.ts";

const all = { email: true, push: true, in_app: true };

/** A client's preferences as they are at first. */
export function preferences(over: Partial<Preferences> = {}): Preferences {
  return {
    version: 1,
    kinds: { direct: all, community: all },
    allowed: { direct: all, community: all },
    mentions_only: { community: false },
    quiet: { on: false, from: "22:00", to: "07:00", days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
    own_time_zone: false,
    time_zone: "America/Los_Angeles",
    digest: "at_once",
    daily_at: "08:00",
    sound: "chime",
    ...over,
  };
}
