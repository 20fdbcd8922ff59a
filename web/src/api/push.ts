import { useMutation, useQuery } from "@tanstack/react-query";
import { deviceName } from "../lib/device.ts";
import { endpointHere, type PushKeys, subscribe, unsubscribe } from "../lib/push.ts";
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
    mutationFn: async (publicKey: string) => register(await subscribe(publicKey)),
    onSettled: again,
  });
}

function register(made: PushKeys): Promise<unknown> {
  return ask(api.POST("/api/v1/me/push", { body: { ...made, device: deviceName() } }));
}

/** The browser changed its address by itself: the server hears of the new one. */
export async function renewPush(): Promise<void> {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const { public_key } = await ask(api.GET("/api/v1/me/push"));
  await register(await subscribe(public_key));
  await again();
}

/** Takes this browser's subscription away, here and on the server. */
export function useTurnPushOff() {
  return useMutation({
    mutationFn: async () => {
      const endpoint = await endpointHere();
      if (!endpoint) return;
      await ask(api.DELETE("/api/v1/me/push", { params: { query: { endpoint } } }));
      await unsubscribe();
    },
    onSettled: again,
  });
}

export function useRemoveDevice() {
  return useMutation({
    mutationFn: (id: string) => ask(api.DELETE("/api/v1/me/push/{id}", { params: { path: { id } } })),
    onSettled: again,
  });
}

export function useTestPush() {
  return useMutation({
    mutationFn: () => ask(api.POST("/api/v1/me/push/test")),
    onSettled: again,
  });
}
