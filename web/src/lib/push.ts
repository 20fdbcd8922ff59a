import { runsAsApp } from "./install.ts";
import { platformOf } from "./platform.ts";
import { registration } from "./worker.ts";

// What the browser has to say about push: whether it can, whether it may, and where to send to.

/** Where to send and with which keys, as the push service of this browser gave them. */
export interface PushKeys {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/**
 * unsupported: this browser has no push, or the page came without https.
 * install: an iPhone or iPad, where only the installed app has push.
 * blocked: it was refused before, and only the browser's own settings change that.
 * off: it can be turned on. on: it is.
 */
export type PushStanding = "unsupported" | "install" | "blocked" | "off" | "on";

/** How long a service worker may take to be there. */
const patience = 5_000;

export async function pushStanding(): Promise<PushStanding> {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window))
    return needsInstalling() ? "install" : "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const endpoint = Notification.permission === "granted" ? await endpointHere() : "";
  return endpoint ? "on" : "off";
}

function needsInstalling(): boolean {
  const { system } = platformOf(navigator);
  return (system === "iphone" || system === "ipad") && !runsAsApp();
}

async function current(): Promise<PushSubscription | null> {
  return (await (await registration())?.pushManager?.getSubscription()) ?? null;
}

/** This browser's address at its push service; "" where it has none. */
export async function endpointHere(): Promise<string> {
  try {
    return (await current())?.endpoint ?? "";
  } catch {
    return "";
  }
}

/** Why push could not be turned on. */
export class PushRefused extends Error {
  constructor(readonly why: "blocked" | "later" | "no_worker" | "no_service") {
    super(why);
    this.name = "PushRefused";
  }
}

/** Asks the person, then the browser's push service. Call it from a press: browsers ask only then. */
export async function subscribe(publicKey: string): Promise<PushKeys> {
  const answer = await Notification.requestPermission();
  if (answer !== "granted") throw new PushRefused(answer === "denied" ? "blocked" : "later");
  const worker = await Promise.race([navigator.serviceWorker.ready, rest(patience)]);
  if (!worker) throw new PushRefused("no_worker");
  try {
    return keysOf(await fresh(worker.pushManager, publicKey));
  } catch {
    throw new PushRefused("no_service");
  }
}

/** One made for another key of the server can not be used, nor changed. */
async function fresh(manager: PushManager, publicKey: string): Promise<PushSubscription> {
  const applicationServerKey = bytesOf(publicKey);
  const old = await manager.getSubscription();
  const key = old?.options.applicationServerKey;
  if (old && key && !sameBytes(new Uint8Array(key), applicationServerKey)) await old.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function keysOf(made: PushSubscription): PushKeys {
  const { endpoint, keys } = made.toJSON();
  if (!endpoint || !keys?.["p256dh"] || !keys["auth"]) throw new Error("a subscription without keys");
  return { endpoint, keys: { p256dh: keys["p256dh"], auth: keys["auth"] } };
}

export async function unsubscribe(): Promise<void> {
  await (await current())?.unsubscribe();
}

function rest(ms: number): Promise<null> {
  return new Promise((done) => setTimeout(() => done(null), ms));
}

/** The bytes of base64url without padding. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}
