import { useRef, useState } from "react";
import { queryClient } from "../../api/cache.ts";
import { api, ApiError, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import { useMe } from "../../api/session.ts";
import type { Attachment, Blast, BlastPreview } from "../../api/types.ts";
import { uuidv7 } from "../../lib/ids.ts";
import { navigate } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { sayUndo } from "../../ui/toast.ts";
import { content, type Form } from "./form.ts";
import { graceSeconds, keepBlast, sendBlast } from "./queries.ts";
import { takeBack } from "./takeBack.ts";
import { momentWords } from "./words.ts";

/** The id stands for other words: an earlier try, whose answer was lost, had other ones. */
function isReused(problem: unknown): boolean {
  return problem instanceof ApiError && problem.code === "id_reused";
}

/** Whether that earlier try made a blast. */
async function arrived(id: string): Promise<boolean> {
  try {
    keepBlast(await ask(api.GET("/api/v1/blasts/{id}", { params: { path: { id } } })));
    return true;
  } catch {
    return false;
  }
}

/** Sends a blast under one id however often it is tried, and offers the way back. */
export function useSending(sent: () => void) {
  const zone = useMe().organization.time_zone;
  const id = useRef(uuidv7());
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const done = (blast: Blast, form: Form, attachments: readonly Attachment[], reach: number) => {
    keepBlast(blast);
    sent();
    const many = count(reach, "person", "people");
    const words = form.sendAt
      ? `Goes to ${many} ${momentWords(form.sendAt, zone)}.`
      : `Goes to ${many} in ${graceSeconds} seconds.`;
    sayUndo(words, () => void takeBack(blast, { ...form, version: 0, attachments }));
    navigate(`/blasts/${blast.id}`);
  };
  const send = async (form: Form, attachments: readonly Attachment[], preview: BlastPreview) => {
    setPending(true);
    setError(null);
    const out = content(form, attachments);
    try {
      const made = await sendBlast(id.current, out, preview.token).catch(async (problem: unknown) => {
        if (!isReused(problem)) throw problem;
        if (await arrived(id.current)) return null;
        // Nothing came of the tries before; what was changed since is another blast.
        id.current = uuidv7();
        return sendBlast(id.current, out, preview.token);
      });
      if (made) done(made, form, attachments, preview.reachable);
      else navigate(`/blasts/${id.current}`);
    } catch (problem) {
      void queryClient.invalidateQueries({ queryKey: keys.blastPreviews });
      setError(problem);
    } finally {
      setPending(false);
    }
  };
  return {
    pending,
    error,
    send: (form: Form, attachments: readonly Attachment[], preview: BlastPreview) =>
      void send(form, attachments, preview),
  };
}
