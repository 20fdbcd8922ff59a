import { createHeld, filesOf } from "./held.ts";
import type { Open, SubscriptionChanged, ToWorker } from "./messages.ts";
import { addressOf, noticeOf, shown, title } from "./notice.ts";
import { offlinePage } from "./offline.ts";
import { type Build, cacheName, lasting, outdated, wayOf } from "./shell.ts";

// The service worker. It keeps the files of one build, so that the app opens without a
// connection, and nothing else: what people wrote is never put into any store.

declare const self: ServiceWorkerGlobalScope;
declare const __BUILD__: Build;

const build = __BUILD__;
const name = cacheName(build);
const held = createHeld();

/** So many files are asked for at a time. */
const atOnce = 6;

/** How long an open window may take to answer before another one is opened. */
const windowPatience = 2_000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install(): Promise<void> {
  const cache = await caches.open(name);
  const left = [...build.files];
  const line = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift())
      await cache.put(path, await fileOf(path));
  };
  await Promise.all(Array.from({ length: atOnce }, line));
}

/** A file that an earlier build had as well is not fetched again. */
async function fileOf(path: string): Promise<Response> {
  const had = lasting(path) ? await caches.match(path) : undefined;
  const response = had ?? (await fetch(path, { cache: lasting(path) ? "default" : "no-cache" }));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function activate(): Promise<void> {
  await Promise.all(outdated(await caches.keys(), build).map((old) => caches.delete(old)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { method, url, mode } = event.request;
  const way = wayOf({ method, url, navigation: mode === "navigate" }, build, self.location.origin);
  if (way === "file") event.respondWith(file(event.request));
  if (way === "shell") event.respondWith(shell(event.request));
  if (way === "page") event.respondWith(fetch(event.request).catch(() => shell(event.request)));
  if (way === "share") event.respondWith(receive(event));
});

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(name);
  return (await cache.match(new URL(request.url).pathname)) ?? fetch(request);
}

async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(name);
  return (await cache.match("/")) ?? fetch(request).catch(offlinePage);
}

/** Takes what another app shares into memory and shows the page that asks whom it is for. */
async function receive(event: FetchEvent): Promise<Response> {
  try {
    const { id, done } = held.keep(filesOf(await event.request.formData()));
    event.waitUntil(done);
    return Response.redirect(`/share?id=${id}`, 303);
  } catch {
    return Response.redirect("/share", 303);
  }
}

self.addEventListener("message", (event) => {
  const said = event.data as ToWorker;
  if (said.type === "activate") void self.skipWaiting();
  if (said.type === "take-shared") event.ports[0]?.postMessage(held.take(said.id));
});

self.addEventListener("push", (event) => {
  const notice = noticeOf(event.data?.text() ?? "");
  event.waitUntil(tell(notice));
});

async function tell(notice: string): Promise<void> {
  await self.registration.showNotification(title, shown(notice));
  const open = await self.registration.getNotifications();
  await navigator.setAppBadge?.(Math.max(1, open.length)).catch(() => undefined);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { id = "" } = (event.notification.data ?? {}) as { id?: string };
  event.waitUntil(open(addressOf(id)));
});

/**
 * Shows an address in a window that is open, which goes there by itself: loading it
 * anew would lose messages that wait in it. Without one that answers, a new one opens.
 */
async function open(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const [best] = [...windows].sort((a, b) => Number(b.focused) - Number(a.focused));
  if (best && (await goes(best, path))) {
    await best.focus().catch(() => undefined);
    return;
  }
  await self.clients.openWindow(path);
}

function goes(client: WindowClient, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(() => resolve(false), windowPatience);
    port1.onmessage = () => resolve(true);
    const ask: Open = { type: "open", path };
    client.postMessage(ask, [port2]);
  });
}

/** The browser gave this device another push address: the server learns of it, and forgets the old one. */
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event as PushSubscriptionChangeEvent));
});

interface PushSubscriptionChangeEvent extends ExtendableEvent {
  oldSubscription: PushSubscription | null;
  newSubscription: PushSubscription | null;
}

/**
 * It stays the device that it was, where whoever is signed in here is whose it was. For
 * anybody else, or where it can not be told, the browser gives the new address up.
 */
async function renew({ oldSubscription: old, newSubscription }: PushSubscriptionChangeEvent): Promise<void> {
  const fresh = newSubscription ?? (old && (await self.registration.pushManager.subscribe(old.options)));
  if (fresh && !(await isTaken(fresh, old))) await fresh.unsubscribe();
  const said: SubscriptionChanged = { type: "subscription-changed" };
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage(said);
}

async function isTaken(fresh: PushSubscription, old: PushSubscription | null): Promise<boolean> {
  const { endpoint, keys } = fresh.toJSON();
  if (!old) return false;
  const body = JSON.stringify({ endpoint, keys, replaces: old.endpoint });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/api/v1/me/push", { method: "POST", headers, body }).catch(() => null);
  return answer?.ok ?? false;
}
