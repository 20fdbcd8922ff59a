import { ApiError } from "../../../api/client.ts";
import type { Attachment } from "../../../api/types.ts";
import { createStore, type Store } from "../../../lib/store.ts";
import { compose, type Composing, composing, composingIn } from "../composing.ts";
import type { Carrier } from "./carrier.ts";

/** A file on its way into a message. It lives in memory only. */
export interface Upload {
  id: string;
  conversation: string;
  /** As this device has it; null where another one added it. */
  file: File | null;
  name: string;
  /** waiting for its turn, sending, stored by the server, or refused. */
  state: "waiting" | "sending" | "stored" | "failed";
  /** How much of it has gone out, 0 to 1; at 1 the server looks into it. */
  progress: number;
  /** What it became, once it is stored. */
  attachment: Attachment | null;
  /** Why it failed, in words. */
  problem: string;
  /** Whether trying again may help. */
  passing: boolean;
  /** A message has it already: taken out here, it stays that message's until something is saved. */
  held: boolean;
}

/** With what else the composer shows then, and whether the files are a message's. */
interface Shown {
  beside?: Partial<Composing>;
  held?: boolean;
}

export interface Limits {
  bytes: number;
  perMessage: number;
}

export interface Uploads {
  readonly store: Store<readonly Upload[]>;
  add(conversation: string, files: readonly File[]): void;
  retry(id: string): void;
  /** Stops it, or takes it back where it is stored already. */
  remove(id: string): void;
  /** These are the stored files of a conversation now, with what else the composer shows then. */
  show(conversation: string, files: readonly Attachment[], how?: Shown): void;
}

/** So many at a time: one line, but a small file need not wait for a large one. */
const atOnce = 2;

let made = 0;

/**
 * Sends files as soon as they are chosen, so that they are there when the
 * message is, and keeps what the composer says about them true.
 */
export function createUploads(carrier: Carrier, limits: () => Limits): Uploads {
  const store = createStore<readonly Upload[]>([]);
  const stops = new Map<string, () => void>();
  const find = (id: string) => store.get().find((u) => u.id === id);

  function change(id: string, patch: Partial<Upload> | null): void {
    const before = find(id);
    if (!before) return;
    store.update((all) =>
      patch ? all.map((u) => (u.id === id ? { ...u, ...patch } : u)) : all.filter((u) => u.id !== id),
    );
    tell(before.conversation);
    next(before.conversation);
  }

  /** What the composer must know: what goes with the message, and whether it must wait. */
  function tell(conversation: string, beside: Partial<Composing> = {}): void {
    const here = of(store.get(), conversation);
    compose(conversation, {
      ...beside,
      attachments: here.flatMap((u) => u.attachment ?? []),
      busy: here.some((u) => u.state === "waiting" || u.state === "sending"),
    });
  }

  function next(conversation: string): void {
    const here = of(store.get(), conversation);
    const free = atOnce - here.filter((u) => u.state === "sending").length;
    for (const u of here.filter((x) => x.state === "waiting").slice(0, Math.max(0, free))) void run(u);
  }

  async function run({ id, file }: Upload): Promise<void> {
    if (!file || find(id)?.state !== "waiting") return; // a change on the way has begun it already
    const { done, stop } = carrier.send(file, (progress) => change(id, { progress }));
    stops.set(id, stop);
    change(id, { state: "sending", progress: 0 });
    try {
      const attachment = await done;
      if (find(id)) change(id, { state: "stored", progress: 1, attachment });
      else carrier.discard(attachment.id); // it was taken out in that moment
    } catch (error) {
      change(id, { state: "failed", problem: words(error), passing: passing(error) });
    } finally {
      stops.delete(id);
    }
  }

  // A message went out, or was given up: what was stored belongs to it now.
  composing.subscribe(() => {
    const all = composing.get();
    const left = store
      .get()
      .filter(
        (u) =>
          u.state !== "stored" ||
          composingIn(all, u.conversation).attachments.some((a) => a.id === u.attachment?.id),
      );
    if (left.length !== store.get().length) store.set(left);
  });

  return {
    store,
    add(conversation, files) {
      const here = of(store.get(), conversation).filter((u) => u.state !== "failed").length;
      const added = files.map((file, i) => newUpload(conversation, file, here + i, limits()));
      store.update((all) => [...all, ...added]);
      tell(conversation);
      next(conversation);
    },
    retry: (id) => change(id, { state: "waiting", progress: 0, problem: "" }),
    remove(id) {
      const gone = find(id);
      change(id, null);
      stops.get(id)?.();
      if (gone?.attachment && !gone.held) carrier.discard(gone.attachment.id);
    },
    show(conversation, files, { beside, held = false } = {}) {
      const here = of(store.get(), conversation);
      const kept = files.map(
        (a) => here.find((u) => u.attachment?.id === a.id) ?? storedElsewhere(conversation, a, held),
      );
      const others = store.get().filter((u) => u.conversation !== conversation || u.state !== "stored");
      store.set([...others, ...kept]);
      tell(conversation, beside);
    },
  };
}

export function of(all: readonly Upload[], conversation: string): readonly Upload[] {
  return all.filter((u) => u.conversation === conversation);
}

function newUpload(conversation: string, file: File, before: number, limits: Limits): Upload {
  const problem = unfit(file, before, limits);
  const id = `upload-${++made}`;
  return {
    id,
    conversation,
    file,
    name: file.name,
    state: problem ? "failed" : "waiting",
    progress: 0,
    attachment: null,
    problem,
    passing: false,
    held: false,
  };
}

function storedElsewhere(conversation: string, attachment: Attachment, held: boolean): Upload {
  return {
    id: `upload-${++made}`,
    conversation,
    file: null,
    name: attachment.name,
    state: "stored",
    progress: 1,
    attachment,
    problem: "",
    passing: false,
    held,
  };
}

/** What can be told before a byte is sent; the server decides everything else. */
function unfit(file: File, before: number, { bytes, perMessage }: Limits): string {
  if (before >= perMessage)
    return `A message can have up to ${perMessage} files. Send this one in another message.`;
  if (file.size > bytes) return `Files can be up to ${Math.floor(bytes / 2 ** 20)} MB.`;
  if (file.size === 0) return "This file is empty, or it is a folder.";
  return "";
}

function words(error: unknown): string {
  if (!(error instanceof ApiError)) return "This file could not be read. Choose it again.";
  if (error.status === 0) return "No connection. Try again.";
  return (
    error.fields.find((f) => f.field === "file")?.detail || error.detail || "The server refused this file."
  );
}

function passing(error: unknown): boolean {
  return error instanceof ApiError && error.passing;
}
