import { type ReactNode, useState } from "react";
import { explain } from "../api/client.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./AskDialog.module.css";

// Import this file only lazily, like Dialog.tsx.

interface AskProps {
  title: string;
  /** What pressing does, in the words of the title. */
  verb: string;
  /** Does it; what it throws is shown, and the dialog stays. */
  act(): Promise<void>;
  close(): void;
  children: ReactNode;
}

/** Asks before something is taken away, does it, and says why where that did not work. */
export function AskDialog({ title, verb, act, close, children }: AskProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const go = async () => {
    setBusy(true);
    try {
      await act();
      close();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      role="alertdialog"
      close={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="danger" disabled={busy} onClick={() => void go()}>
            {verb}
          </Button>
        </>
      }
    >
      {children}
      {problem && (
        <p role="alert" className={styles["problem"]}>
          {problem}
        </p>
      )}
    </Dialog>
  );
}
