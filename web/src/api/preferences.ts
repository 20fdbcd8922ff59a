import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "./cache.ts";
import { ApiError, ask, conflictState } from "./client.ts";
import { keys } from "./keys.ts";
import { untyped } from "./notices.ts";

export const notificationKinds = ["direct", "community", "team", "reminder"] as const;
export const channels = ["email", "push", "in_app"] as const;
export type NotificationKind = (typeof notificationKinds)[number];
export type Channel = (typeof channels)[number];
export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
export type Digest = "at_once" | "15_minutes" | "hourly" | "daily";
export type SoundName = "none" | "chime" | "knock" | "drop";

type Cells = Record<Channel, boolean>;
/** The last two are there for staff only. */
type Matrix = { direct: Cells; community: Cells; team?: Cells; reminder?: Cells };

export interface Quiet {
  on: boolean;
  from: string;
  to: string;
  days: Day[];
}

/** How somebody wants to be told; `allowed` is what the practice lets them have. */
export interface Preferences {
  version: number;
  kinds: Matrix;
  allowed: Matrix;
  mentions_only: { community: boolean; team?: boolean };
  quiet: Quiet;
  time_zone: string;
  digest: Digest;
  daily_at: string;
  sound: SoundName;
}

export const preferencesQuery = {
  queryKey: keys.preferences,
  queryFn: async () => (await ask(untyped.GET("/api/v1/me/notifications"))) as Preferences,
  staleTime: 5 * 60_000,
};

export function usePreferences() {
  return useQuery(preferencesQuery);
}

/** Stores all of them; where another device was first, what is so now takes their place in the cache. */
export function useSavePreferences() {
  return useMutation({
    mutationFn: async (p: Omit<Preferences, "allowed">) =>
      (await ask(untyped.PUT("/api/v1/me/notifications", { body: p }))) as Preferences,
    onSuccess: (saved) => queryClient.setQueryData(keys.preferences, saved),
    onError: (error) => {
      const theirs = conflictState<Preferences>(error);
      if (theirs) queryClient.setQueryData(keys.preferences, theirs);
      else if (error instanceof ApiError && error.code === "version_conflict")
        void queryClient.invalidateQueries({ queryKey: keys.preferences });
    },
  });
}
