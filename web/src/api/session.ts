import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import { ApiError, api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { Me, Permission } from "./types.ts";

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async (): Promise<Me | null> => {
    try {
      return await ask(api.GET("/api/v1/me"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/**
 * The signed-in person for everything below the session gate. Given from above
 * and not read from the cache: when a session ends, the gate goes first, and
 * nothing below it is ever drawn for nobody.
 */
export const MeContext = createContext<Me | null>(null);

/** The signed-in person; only below the session gate, where there is one. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("nobody is signed in");
  return me;
}

/** Whether the server gave the signed-in person a permission. */
export function can(me: Me, permission: Permission): boolean {
  return (me.permissions ?? []).includes(permission);
}

export function isClient(me: Me): boolean {
  return me.user.kind === "client";
}

export function useInstallation() {
  return useQuery({
    queryKey: keys.installation,
    queryFn: () => ask(api.GET("/api/v1/installation")),
    staleTime: Infinity,
  });
}
