import { conflictState } from "../api/client.ts";
import { useEdits } from "../lib/edits.ts";
import { SaveAll, type Saver } from "./SaveAll.tsx";

/** What saves settings of a version: a mutation. */
interface Saving<T> {
  mutate(
    body: Partial<T> & { version: number },
    then: { onSuccess(saved: T): void; onError(error: Error): void },
  ): void;
  reset(): void;
  isPending: boolean;
  error: unknown;
}

/**
 * Settings that several people may edit: keeps what is typed in step with what
 * the server says, saves the edits on the version they were made on, and where
 * someone else was first keeps both sides in sight.
 */
export function useSettings<T extends { version: number }>(
  latest: T,
  saving: Saving<T>,
  close?: () => void,
  invalid?: (now: T) => boolean,
) {
  const form = useEdits(latest);
  const { base, edits } = form;
  const conflict = conflictState<T>(saving.error);
  const save = () =>
    new Promise<boolean>((done) =>
      saving.mutate(
        { version: base.version, ...edits },
        {
          onSuccess: (saved) => {
            form.reset(saved);
            done(true);
          },
          onError: (error) => {
            const theirs = conflictState<T>(error);
            if (theirs) form.arrive(theirs);
            done(false);
          },
        },
      ),
    );
  const saver: Saver = {
    changes: form.changes,
    saving: saving.isPending,
    invalid: invalid?.(form.now) ?? false,
    save,
    discard: () => {
      saving.reset();
      form.reset(base);
    },
  };
  return {
    ...form,
    /** Why it was not saved, unless somebody else was first: Overtaken tells that. */
    problem: conflict ? null : saving.error,
    /** What a bar for several settings in one place needs of these. */
    saver,
    bar: <SaveAll savers={[saver]} close={close} />,
  };
}
