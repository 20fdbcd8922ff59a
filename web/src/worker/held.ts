/** How long shared files wait for the page that was opened for them. */
export const patience = 60_000;

/** Files on their way from another app to a page of ours: in memory, handed over once. */
export interface Held {
  /** Keeps them and says under which id; `done` settles when they are taken or given up. */
  keep(files: readonly File[]): { id: string; done: Promise<void> };
  take(id: string): readonly File[];
}

export function createHeld(ms = patience): Held {
  const waiting = new Map<string, { files: readonly File[]; settle(): void }>();
  let made = 0;
  return {
    keep(files) {
      const id = String(++made);
      const done = new Promise<void>((resolve) => {
        const timer = setTimeout(() => settle(), ms);
        const settle = () => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve();
        };
        waiting.set(id, { files, settle });
      });
      return { id, done };
    },
    take(id) {
      const found = waiting.get(id);
      found?.settle();
      return found?.files ?? [];
    },
  };
}

/** The files of a shared form, whatever its fields are called. */
export function filesOf(form: FormData): File[] {
  return [...form.values()].filter((value): value is File => typeof value !== "string" && value.size > 0);
}
