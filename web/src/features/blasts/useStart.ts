import { useEffect, useRef, useState } from "react";
import { handedOver } from "../../api/blasts.ts";
import type { Blast, BlastDraft } from "../../api/types.ts";
import { useGroups, useStaff } from "../../api/directory.ts";
import { emptyForm, type Form, formOf, formOfDraft } from "./form.ts";
import { useKeptDraft } from "./queries.ts";
import { takenBack } from "./takeBack.ts";

interface Start {
  form: Form | null;
  /** When it was written, where it is what was kept of an earlier time. */
  kept: string | null;
  /** Whether the server has it as it is. */
  stored: boolean;
  error: unknown;
  retry(): void;
}

/** What a new blast begins with: what was just taken back, what was kept, whom the dialog chose. */
export function useStart(): Start {
  const groups = useGroups();
  const staff = useStaff();
  const draft = useKeptDraft();
  const [start, setStart] = useState<Pick<Start, "form" | "kept" | "stored">>({
    form: null,
    kept: null,
    stored: true,
  });
  const begun = useRef(false);
  const [g, s, d] = [groups.data, staff.data, draft.isFetching ? undefined : draft.data];
  useEffect(() => {
    if (!g || !s || !d || begun.current) return;
    begun.current = true;
    const back = takenBack.get();
    const handed = handedOver.get();
    takenBack.set(null);
    handedOver.set(null);
    const kept = d.updated_at ? d : null;
    void begin(back, kept, { groups: g, staff: s }).then((form) =>
      setStart({
        form: handed ? { ...form, choice: handed.choice, staff: [...handed.staff] } : form,
        stored: !back && !handed,
        kept: !back && kept && form.body !== "" ? kept.updated_at : null,
      }),
    );
  }, [g, s, d]);
  return {
    ...start,
    error: groups.error ?? staff.error ?? draft.error,
    retry: () => void Promise.all([groups.refetch(), staff.refetch(), draft.refetch()]),
  };
}

function begin(
  back: Form | Blast | null,
  draft: BlastDraft | null,
  known: Parameters<typeof formOf>[1],
): Promise<Form> {
  if (back && "sender" in back) return formOf(back, known).then((f) => ({ ...f, version: 0 }));
  if (back) return Promise.resolve(back);
  return draft ? formOfDraft(draft, known) : Promise.resolve(emptyForm);
}
