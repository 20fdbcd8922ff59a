import { isClient, useMe } from "../api/session.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Kbd } from "../ui/Field.tsx";
import styles from "./ShortcutsDialog.module.css";

const everyone: readonly [string[], string][] = [
  [["/"], "Search"],
  [["N"], "New conversation"],
  [["J"], "Next conversation"],
  [["K"], "Previous conversation"],
  [["U"], "Mark unread"],
  [["E"], "Close the details"],
  [["Cmd or Ctrl", "Enter"], "Send"],
  [["Esc"], "Close, or leave the composer with the draft kept"],
  [["?"], "Show these shortcuts"],
];

/** All shortcuts that exist. */
export function ShortcutsDialog({ close }: { close(): void }) {
  const me = useMe();
  const rows = isClient(me)
    ? everyone
    : [...everyone, [["1", "5"], "Filters, from All to Internal"] as const];
  return (
    <Dialog title="Keyboard shortcuts" close={close}>
      <dl className={styles["keys"]}>
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((k, i) => (
                <span key={k}>
                  {i > 0 && (k === "5" ? " to " : " ")}
                  <Kbd>{k}</Kbd>
                </span>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">Single keys work outside text fields.</p>
    </Dialog>
  );
}
