import { SaveBar } from "./SaveBar.tsx";
import { say } from "./toast.ts";

/** Settings that are saved on a version of their own. */
export interface Saver {
  changes: number;
  saving: boolean;
  /** Something that was typed can not be saved as it is. */
  invalid: boolean;
  /** Whether it was saved; what stood in the way is told where the settings are. */
  save(): Promise<boolean>;
  discard(): void;
}

interface SaveAllProps {
  savers: readonly Saver[];
  close?: (() => void) | undefined;
}

/** One save bar for all settings in one place; each of them is saved, or refused, apart. */
export function SaveAll({ savers, close }: SaveAllProps) {
  const edited = savers.filter((s) => s.changes > 0);
  const save = async () => {
    const saved = await Promise.all(edited.map((s) => s.save()));
    if (saved.every(Boolean)) say("Saved.");
  };
  return (
    <SaveBar
      changes={edited.reduce((sum, s) => sum + s.changes, 0)}
      saving={savers.some((s) => s.saving)}
      invalid={edited.some((s) => s.invalid)}
      save={() => void save()}
      discard={() => edited.forEach((s) => s.discard())}
      close={close}
    />
  );
}
