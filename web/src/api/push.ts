import { useMutation, useQuery } from "@tanstack/react-query";
import { deviceName } from "../lib/device.ts";
import { endpointHere, type PushKeys, pushStanding, subscribe, unsubscribe } from "../lib/push.ts";
import { queryClient } from "./cache.ts";
import { api, ask } from "./client.ts";
import { keys } from "./keys.ts";
import type { PushDevice } from "./types.ts";

export type { PushDevice };

export function usePush() {
  return useQuery({
    queryKey: keys.push,
    queryFn: () => ask(api.GET("/api/v1/me/push")),
  });
}

const again = (): Promise<void> => queryClient.invalidateQueries({ queryKey: keys.push });

/** Asks the browser, and tells the server where to send. */
export function useTurnPushOn() {
  return useMutation({
    mutationFn: (publicKey: string) => alone(async () => register(await subscribe(publicKey))),
    onSettled: again,
  });
}

function register(made: PushKeys): Promise<unknown> {
  return ask(api.POST("/api/v1/me/push", { body: { ...made, device: deviceName() } }));
}

/** One window at a time changes what this browser has; where it has no locks they rarely meet. */
function alone<T>(act: () => Promise<T>): Promise<T> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? (locks.request("hearth.push", act) as Promise<T>) : act();
}

/**
 * Which of one's own devices this browser is. Whoever used it before may never have signed
 * out: what it has of somebody else is taken back, so that their pushes do not come here.
 */
export function deviceHere(): Promise<PushDevice | null> {
  return alone(async () => {
    const endpoint = await endpointHere();
    if (!endpoint) return null;
    const { device } = await ask(api.POST("/api/v1/me/push/here", { body: { endpoint } }));
    if (!device) await unsubscribe();
    return device;
  });
}

/** How push stands in this browser, and which device it is; asked again whenever the page is come back to. */
export function useDeviceHere() {
  return useQuery({
    queryKey: [...keys.push, "here"],
    queryFn: async () => {
      const device = await deviceHere();
      const standing = await pushStanding();
      // A browser that was removed elsewhere, or is somebody else's, can be turned on.
      return { device, standing: standing === "on" && !device ? ("off" as const) : standing };
    },
    staleTime: 0,
    refetchOnWindowFocus: "always",
  });
}

/** The browser has another push address, of which its worker has told the server. */
export const pushChanged = again;

/** Takes this browser's subscription away, here and on the server. */
export function useTurnPushOff() {
  return useMutation({
    mutationFn: () =>
      alone(async () => {
        const endpoint = await endpointHere();
        if (!endpoint) return;
        await ask(api.DELETE("/api/v1/me/push", { params: { query: { endpoint } } }));
        await unsubscribe();
      }),
    onSettled: again,
  });
}

export function useRemoveDevice() {
  return useMutation({
    mutationFn: (id: string) => ask(api.DELETE("/api/v1/me/push/{id}", { params: { path: { id } } })),
    onSettled: again,
  });
}

export function useRenameDevice() {
  return useMutation({
    mutationFn: ({ id, device }: { id: string; device: string }) =>
      ask(api.PATCH("/api/v1/me/push/{id}", { params: { path: { id } }, body: { device } })),
    onSettled: again,
  });
}

/** Sends a push to one device. */
export function useTestPush() {
  return useMutation({
    mutationFn: (id: string) => ask(api.POST("/api/v1/me/push/{id}/test", { params: { path: { id } } })),
    onSettled: again,
  });
}
