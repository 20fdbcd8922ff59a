import type { ToPage, ToWorker } from "../worker/messages.ts";
import { navigate } from "./router.tsx";
import { createStore } from "./store.ts";

// The page's side of the service worker: it brings the worker in, learns of new versions
// and lets them take over when the person says so.

const script = "/sw.js";

/** Time between two looks for a new version while the app stays open. */
const every = 30 * 60_000;

/** Whether a version of the app waits to take over from the one that runs here. */
export const updateReady = createStore(false);

/** Told when the browser changed this device's push address by itself. */
export const subscriptionChanges = createStore(0);

let current: ServiceWorkerRegistration | null = null;
let asked = false;

/** The worker's registration, once there is one; null where the browser has none. */
export async function registration(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator)) return null;
  return (await navigator.serviceWorker.getRegistration("/")) ?? null;
}

/** Brings the worker in once the page has loaded, so that it takes nothing from the first load. */
export function startWorker(): void {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  const had = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => tookOver(had));
  navigator.serviceWorker.addEventListener("message", heard);
  if (document.readyState === "complete") void begin();
  else window.addEventListener("load", () => void begin(), { once: true });
}

async function begin(): Promise<void> {
  try {
    current = await navigator.serviceWorker.register(script, { scope: "/", updateViaCache: "none" });
  } catch {
    return removeIfGone();
  }
  watch(current);
  // Registering what is there already does not tell that the server has no worker any more.
  void lookForUpdate();
  let looked = Date.now();
  const look = () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < every) return;
    looked = Date.now();
    void lookForUpdate();
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, every / 6);
}

/** Asks the server whether there is a new version; where it has no worker any more, this device drops its own. */
async function lookForUpdate(): Promise<void> {
  try {
    await current?.update();
  } catch {
    await removeIfGone();
  }
}

function watch(reg: ServiceWorkerRegistration): void {
  const check = () => {
    // Without a controller it is the first version, and nobody waits for it.
    if (reg.waiting && navigator.serviceWorker.controller) updateReady.set(true);
  };
  check();
  reg.addEventListener("updatefound", () => reg.installing?.addEventListener("statechange", check));
}

/** Another version answers for this page now: because it was asked to, or because another window was. */
function tookOver(had: boolean): void {
  if (asked) window.location.reload();
  else if (had) updateReady.set(true);
}

/** Lets the waiting version take over and loads it. Whatever is only in this window must be safe before. */
export function takeUpdate(): void {
  asked = true;
  if (current?.waiting) tell(current.waiting, { type: "activate" });
  else window.location.reload();
}

function tell(worker: ServiceWorker, said: ToWorker, ports: Transferable[] = []): void {
  worker.postMessage(said, ports);
}

function heard(event: MessageEvent): void {
  const said = event.data as ToPage;
  if (said.type === "subscription-changed") subscriptionChanges.update((n) => n + 1);
  if (said.type !== "open") return;
  event.ports[0]?.postMessage(true);
  navigate(said.path);
}

/** The kill switch: a server without the worker's file takes the worker off every device that asks for it. */
async function removeIfGone(): Promise<void> {
  const answer = await fetch(script, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 404 && answer?.status !== 410) return;
  for (const reg of await navigator.serviceWorker.getRegistrations()) await reg.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  updateReady.set(false);
}

/** How long the worker may take to hand files over. */
const patience = 5_000;

/** Takes files that another app shared, once; none where the worker has none under this id. */
export function takeShared(id: string): Promise<readonly File[]> {
  const worker = "serviceWorker" in navigator ? navigator.serviceWorker.controller : null;
  if (!worker) return Promise.resolve([]);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve([]), patience);
    port1.onmessage = (event) => {
      clearTimeout(timer);
      resolve(event.data as readonly File[]);
    };
    tell(worker, { type: "take-shared", id }, [port2]);
  });
}
