import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "./cache.ts";
import { api, ask, conflictState } from "./client.ts";
import { keys } from "./keys.ts";
import type { MyNotifications, MyNotificationsEdit } from "./types.ts";

export const notificationKinds = ["direct", "community", "team", "reminder"] as const;
export const channels = ["email", "push", "in_app"] as const;
export type NotificationKind = (typeof notificationKinds)[number];
export type Channel = (typeof channels)[number];

/** How somebody wants to be told; `allowed` is what the practice lets them have. */
export type Preferences = MyNotifications;
export type Digest = Preferences["digest"];
export type SoundName = Preferences["sound"];
export type Day = Preferences["quiet"]["days"][number];

export const preferencesQuery = {
  queryKey: keys.preferences,
  queryFn: () => ask(api.GET("/api/v1/me/notifications")),
  staleTime: 5 * 60_000,
};

export function usePreferences() {
  return useQuery(preferencesQuery);
}

/** Stores what was changed; where another device was first, what is so now takes its place in the cache. */
export function useSavePreferences() {
  return useMutation({
    mutationFn: (body: MyNotificationsEdit) => ask(api.PUT("/api/v1/me/notifications", { body })),
    onSuccess: (saved) => queryClient.setQueryData(keys.preferences, saved),
    onError: (error) => {
      const theirs = conflictState<Preferences>(error);
      if (theirs) queryClient.setQueryData(keys.preferences, theirs);
    },
  });
}
