import { type ReactNode, useRef, useState } from "react";
import { Button } from "../../ui/Button.tsx";

interface LineProps {
  what: string;
  /** Takes it back; missing where that is over. */
  undo?: (() => Promise<void>) | undefined;
  /** By whom and when, and what came of it. */
  children: ReactNode;
}

/** One change of many clients. */
export function ChangeLine({ what, undo, children }: LineProps) {
  const line = useRef<HTMLLIElement>(null);
  const [busy, setBusy] = useState(false);
  const takeBack = () => {
    if (busy || !undo) return;
    setBusy(true);
    // The button goes; whoever pressed it stays at its line.
    line.current?.focus();
    void undo().finally(() => setBusy(false));
  };
  return (
    <li ref={line} tabIndex={-1}>
      <div>
        <b>{what}</b>
        {children}
      </div>
      {undo && (
        <Button aria-disabled={busy} onClick={takeBack}>
          Undo
        </Button>
      )}
    </li>
  );
}
