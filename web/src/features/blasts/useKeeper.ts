import { useEffect, useMemo, useRef } from "react";
import type { Attachment } from "../../api/types.ts";
import { content, type Form, isBlank } from "./form.ts";
import { dropDraft, keepDraft, type Outgoing } from "./queries.ts";

const rest = 600;

/**
 * Keeps a draft with the server, a moment after the last change and on leaving. What was kept already is not written
 * before something was changed, and nothing is written after it was given up.
 */
export function useKeeper(form: Form, attachments: readonly Attachment[], kept: boolean) {
  const body = useMemo(() => JSON.stringify(draftOf(form, attachments)), [form, attachments]);
  const keeper = useRef<Keeper>(null);
  keeper.current ??= createKeeper(kept ? body : "");
  useEffect(() => {
    const k = keeper.current;
    if (!k) return;
    k.blank = isBlank({ ...form, attachments });
    k.change(body);
  }, [body, form, attachments]);
  useEffect(() => {
    const flush = () => keeper.current?.flush();
    const hide = () => document.visibilityState === "hidden" && flush();
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", hide);
      flush();
    };
  }, []);
  return {
    /** It went out, or was given up: nothing is kept any more. */
    giveUp: async () => {
      await keeper.current?.giveUp();
    },
  };
}

function draftOf(form: Form, attachments: readonly Attachment[]): Outgoing {
  return { ...content(form, attachments), body: form.body, title: form.title };
}

interface Keeper {
  blank: boolean;
  change(body: string): void;
  flush(): void;
  giveUp(): Promise<void>;
}

/** One write at a time, the newest last. */
export function createKeeper(
  start: string,
  keep: (body: Outgoing, size: number) => Promise<void> = keepDraft,
  drop: () => Promise<void> = dropDraft,
): Keeper {
  let stored = start;
  let wanted = start;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const keeper: Keeper = {
    blank: false,
    change(body) {
      wanted = body;
      clearTimeout(timer);
      if (!over && wanted !== stored) timer = setTimeout(keeper.flush, rest);
    },
    flush() {
      clearTimeout(timer);
      if (over || wanted === stored) return;
      const body = wanted;
      const before = stored;
      stored = body;
      const write = () => (keeper.blank ? drop() : keep(JSON.parse(body) as Outgoing, 3 * body.length));
      last = last.then(write).catch(() => {
        // The next change tries again.
        if (stored === body) stored = before;
      });
    },
    giveUp() {
      over = true;
      clearTimeout(timer);
      last = last.then(drop).catch(() => undefined);
      return last.then(() => undefined);
    },
  };
  return keeper;
}
