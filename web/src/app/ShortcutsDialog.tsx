import { isClient, useMe } from "../api/session.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { setSingleKeys, singleKeys } from "../lib/keys.ts";
import { useStore } from "../lib/store.ts";
import { Check, Kbd } from "../ui/Field.tsx";
import styles from "./ShortcutsDialog.module.css";

type Row = readonly [keys: readonly string[], what: string];

const lists: readonly [title: string, rows: readonly Row[]][] = [
  [
    "Anywhere",
    [
      [["/"], "Search"],
      [["N"], "New conversation"],
      [["J"], "Next conversation"],
      [["K"], "Previous conversation"],
      [["1", "6"], "Filters, from All to Unanswered"],
      [["U"], "Mark unread"],
      [["W"], "Needs no answer: the client waits no longer"],
      [["E"], "Close the details"],
      [["Esc"], "Close, or leave the composer with the draft kept"],
      [["?"], "Show these shortcuts"],
    ],
  ],
  [
    "At a message",
    [
      [["↑", "↓"], "Go from message to message"],
      [["R"], "Reply"],
      [["+"], "React"],
      [["Enter"], "Everything else you can do with it"],
      [["Delete"], "Delete it"],
    ],
  ],
  [
    "While writing",
    [
      [["Cmd or Ctrl", "Enter"], "Send"],
      [["Cmd or Ctrl", "Shift", "Enter"], "Send later"],
      [["@"], "Mention someone, in community and team chats"],
      [["↑"], "Change your last message, while the field is empty"],
    ],
  ],
];

/** What a client has no use for. */
const staffOnly = new Set(["Filters, from All to Unanswered", "Needs no answer: the client waits no longer"]);

/** All shortcuts that exist. */
export function ShortcutsDialog({ close }: { close(): void }) {
  const me = useMe();
  const single = useStore(singleKeys, (on) => on);
  return (
    <Dialog title="Keyboard shortcuts" close={close}>
      {lists.map(([title, rows]) => (
        <section key={title} className={styles["group"]}>
          <h3>{title}</h3>
          <dl className={styles["keys"]}>
            {rows
              .filter(([, what]) => !isClient(me) || !staffOnly.has(what))
              .map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((k, i) => (
                      <span key={k}>
                        {i > 0 && (k === "6" ? " to " : " ")}
                        <Kbd>{k}</Kbd>
                      </span>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <Check
        label="Shortcuts of a single key. They work outside text fields only."
        checked={single}
        onChange={() => setSingleKeys(!single)}
      />
    </Dialog>
  );
}
