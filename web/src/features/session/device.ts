import { registration } from "../../lib/worker.ts";

/** Signing out must not hang on a browser that does not answer. */
const patience = 3_000;

/**
 * Takes off this device what belongs to the person who leaves: the push address, with
 * the server too while the session lasts; notifications that still show; the number on
 * the icon; every store of answers but the app's own files.
 */
export async function forgetDevice(): Promise<void> {
  await Promise.race([
    Promise.allSettled([forgetPush(), forgetShown()]),
    new Promise((resolve) => setTimeout(resolve, patience)),
  ]);
}

async function forgetPush(): Promise<void> {
  const subscription = await (await registration())?.pushManager?.getSubscription();
  if (!subscription) return;
  const endpoint = encodeURIComponent(subscription.endpoint);
  await Promise.allSettled([
    fetch(`/api/v1/me/push?endpoint=${endpoint}`, { method: "DELETE" }),
    subscription.unsubscribe(),
  ]);
}

/** What shows of someone on this device although they are signed out. */
export async function forgetShown(): Promise<void> {
  const reg = await registration();
  for (const notification of (await reg?.getNotifications?.()) ?? []) notification.close();
  if ("clearAppBadge" in navigator) await navigator.clearAppBadge().catch(() => undefined);
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (!name.startsWith("hearth-shell-")) await caches.delete(name);
}
