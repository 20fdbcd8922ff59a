import { ApiError } from "../api/client.ts";
import type { Attachment, Message } from "../api/types.ts";
import { uuidv7 } from "../lib/ids.ts";
import { createStore, type Store } from "../lib/store.ts";
import { pause } from "./socket.ts";

/** A message that the server has not confirmed. It lives in memory only. */
export interface Unsent {
  id: string;
  conversationId: string;
  body: string;
  onBehalfOf: string | null;
  /** The message that it answers. */
  replyTo: Message | null;
  /** Files that the server has already. */
  attachments: readonly Attachment[];
  createdAt: string;
  state: "pending" | "failed";
  /** Pending, but the last try got no answer or there is no network. */
  waiting: boolean;
  /** Why it failed: the server's code and its words. */
  code: string;
  detail: string;
}

export type Waiting = Readonly<Record<string, readonly Unsent[]>>;

/** What may go with the text of a message. */
export interface Along {
  onBehalfOf?: string | null;
  replyTo?: Message | null;
  attachments?: readonly Attachment[];
}

export interface OutboxPorts {
  /** Posts with the item's own id, so that a repeat cannot double it. */
  post(item: Unsent): Promise<Message>;
  sent(message: Message): void;
  refused(item: Unsent): void;
  online(): boolean;
}

export interface Outbox {
  readonly store: Store<Waiting>;
  send(conversationId: string, body: string, along?: Along): Unsent;
  /** Tries a failed message again under the same id. */
  retry(id: string): void;
  /** Gives a failed message up and returns its text. */
  discard(id: string): void;
  /** The network is back: goes on at once. */
  resume(): void;
  clear(): void;
}

/** A server that answers 5xx this often in a row has the last word; silence has not. */
const mostAnswers = 5;

/**
 * Sends messages one at a time per conversation, in the order they were
 * written. No answer means wait and repeat; a refusal marks the message failed
 * and lets the next one go.
 */
export function createOutbox(ports: OutboxPorts): Outbox {
  const store = createStore<Waiting>({});
  const busy = new Set<string>();
  const wakers = new Set<() => void>();

  const all = () => Object.values(store.get()).flat();

  function change(id: string, patch: Partial<Unsent> | null): void {
    store.update((waiting) => {
      const found = all().find((u) => u.id === id);
      if (!found) return waiting;
      const list = waiting[found.conversationId] ?? [];
      const next = patch
        ? list.map((u) => (u.id === id ? { ...u, ...patch } : u))
        : list.filter((u) => u.id !== id);
      return { ...waiting, [found.conversationId]: next };
    });
  }

  async function drain(conversation: string): Promise<void> {
    if (busy.has(conversation)) return;
    busy.add(conversation);
    let tries = 0;
    for (let item = next(conversation); item; item = next(conversation)) {
      if (await attempt(item, tries)) tries = 0;
      else await sleep(pause(tries++));
    }
    busy.delete(conversation);
  }

  function next(conversation: string): Unsent | undefined {
    return store.get()[conversation]?.find((u) => u.state === "pending");
  }

  /** True when the item is settled, sent or failed; false when it must wait. */
  async function attempt(item: Unsent, tries: number): Promise<boolean> {
    if (!ports.online()) {
      change(item.id, { waiting: true });
      return false;
    }
    try {
      const message = await ports.post(item);
      ports.sent(message);
      change(item.id, null);
      return true;
    } catch (error) {
      return settle(item, error, tries);
    }
  }

  function settle(item: Unsent, error: unknown, tries: number): boolean {
    const e = error instanceof ApiError ? error : new ApiError(-1, "broken", "");
    // A wait of a minute and more is a rule of the conversation: its writer is told.
    const ruled = e.status === 429 && (e.retryAfter ?? 0) >= 60;
    const patient = e.status === 0 || e.status === 401 || (e.passing && !ruled && tries + 1 < mostAnswers);
    if (patient) {
      change(item.id, { waiting: true });
      return false;
    }
    change(item.id, { state: "failed", waiting: false, code: e.code, detail: e.detail });
    ports.refused({ ...item, code: e.code, detail: e.detail });
    return true;
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      wakers.add(wake);
    });
  }

  return {
    store,
    send(conversationId, body, { onBehalfOf = null, replyTo = null, attachments = [] } = {}) {
      const item: Unsent = {
        id: uuidv7(),
        conversationId,
        body,
        onBehalfOf,
        replyTo,
        attachments,
        createdAt: new Date().toISOString(),
        state: "pending",
        waiting: !ports.online(),
        code: "",
        detail: "",
      };
      store.update((w) => ({ ...w, [conversationId]: [...(w[conversationId] ?? []), item] }));
      void drain(conversationId);
      return item;
    },
    retry(id) {
      const found = all().find((u) => u.id === id);
      if (!found) return;
      change(id, { state: "pending", waiting: !ports.online(), code: "", detail: "" });
      void drain(found.conversationId);
    },
    discard: (id) => change(id, null),
    resume() {
      for (const wake of [...wakers]) wake();
    },
    clear: () => store.set({}),
  };
}
