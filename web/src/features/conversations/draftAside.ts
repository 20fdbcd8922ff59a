import type { Attachment, Message } from "../../api/types.ts";
import type { Store } from "../../lib/store.ts";
import type { Composing } from "./composing.ts";
import { composingIn } from "./composing.ts";
import type { Aside } from "./drafts.ts";

export interface AsidePorts {
  composing: Store<Readonly<Record<string, Composing>>>;
  /** What is answered or goes with the text was changed here. */
  changed(conversation: string, aside: Aside): void;
  /** Whether something that was changed here is not stored yet. */
  unsaved(conversation: string): boolean;
  /** The message of an id; null where it cannot be had. */
  message(conversation: string, id: string): Promise<Message | null>;
  /** Puts both into the composer at once. */
  show(conversation: string, replyTo: Message | null, files: readonly Attachment[]): void;
}

/** What the server keeps beside the text of a draft, in step with what the composer shows. */
export interface AsideKeeper {
  /** The server says what it has, from this device or another. */
  heard(conversation: string, kept: Aside): Promise<void>;
  clear(): void;
}

const sign = (replyTo: string | null, files: readonly Attachment[]) =>
  [replyTo, ...files.map((f) => f.id)].join();
const empty = sign(null, []);

/**
 * What is known of a conversation is what both sides had last: where the composer
 * differs from it, somebody changed it here; where the server does, elsewhere.
 */
export function keepAside(ports: AsidePorts): AsideKeeper {
  const known = new Map<string, string>();
  let wanted = 0;
  const knownOf = (conversation: string) => known.get(conversation) ?? empty;

  function look(conversation: string): void {
    const { replyTo, attachments } = composingIn(ports.composing.get(), conversation);
    const now = sign(replyTo?.id ?? null, attachments);
    if (now === knownOf(conversation)) return;
    known.set(conversation, now);
    ports.changed(conversation, { replyTo: replyTo?.id ?? null, files: attachments });
  }

  ports.composing.subscribe(() => {
    // Other things than conversations are written with the same parts: those have no draft here.
    for (const id of known.keys()) look(id);
  });

  return {
    async heard(conversation, kept) {
      const now = sign(kept.replyTo, kept.files);
      known.set(conversation, knownOf(conversation));
      if (ports.unsaved(conversation) || now === knownOf(conversation)) return;
      const before = knownOf(conversation);
      const mine = ++wanted;
      const replyTo = kept.replyTo ? await ports.message(conversation, kept.replyTo) : null;
      // Meanwhile something else was heard, or somebody went on here.
      if (mine !== wanted || before !== knownOf(conversation)) return;
      known.set(conversation, sign(replyTo?.id ?? null, kept.files));
      ports.show(conversation, replyTo, kept.files);
    },
    clear: () => known.clear(),
  };
}
