import { type ReactNode, Suspense } from "react";
import { createStore, useStore } from "../../lib/store.ts";

interface Shown {
  render(close: () => void): ReactNode;
}

const shown = createStore<Shown | null>(null);

/** Opens a dialog from wherever one stands, such as a line of a menu that is gone by then. */
export function openDialog(render: (close: () => void) => ReactNode): void {
  shown.set({ render });
}

export function closeDialog(): void {
  shown.set(null);
}

/** The place of such dialogs; once in the inbox. */
export function DialogPlace() {
  const dialog = useStore(shown, (d) => d);
  return <Suspense>{dialog?.render(closeDialog)}</Suspense>;
}
