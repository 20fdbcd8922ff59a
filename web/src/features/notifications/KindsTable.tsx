import { useId } from "react";
import { type Channel, channels, type NotificationKind, type Preferences } from "../../api/preferences.ts";
import { CheckBox } from "../../ui/Field.tsx";
import { cx } from "../../ui/cx.ts";
import { cell, type Form } from "./form.ts";
import styles from "./Notifications.module.css";
import { channelWords } from "./words.ts";

const rows: Record<NotificationKind, readonly [string, string]> = {
  direct: ["Direct messages", "Somebody writes to you."],
  community: ["Community chats", "Somebody posts in a chat you are in."],
  team: ["Team conversations", "A colleague writes where only staff can read."],
  reminder: ["Reminders", "A client has waited long for an answer."],
};

interface TableProps {
  kinds: readonly NotificationKind[];
  allowed: Preferences["allowed"];
  now: Form;
  set(patch: Partial<Form>): void;
}

/** Which kinds in which way; what the practice does not allow stands there grey, with the reason. */
export function KindsTable({ kinds, allowed, now, set }: TableProps) {
  const why = useId();
  const may = (kind: NotificationKind, channel: Channel) => allowed[kind]?.[channel] ?? true;
  const some = kinds.some((kind) => channels.some((channel) => !may(kind, channel)));
  return (
    <div>
      <table className={styles["kinds"]}>
        <caption className="sr">Which kinds, and how</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Kind</span>
            </th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {channelWords[channel]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">
                {rows[kind][0]}
                <small>{rows[kind][1]}</small>
              </th>
              {channels.map((channel) => {
                const open = may(kind, channel);
                const name = `${rows[kind][0]}: ${channelWords[channel]}`;
                return (
                  <td key={channel}>
                    <label className={cx(styles["cell"], !open && styles["closed"])}>
                      <CheckBox
                        aria-label={name}
                        aria-describedby={open ? undefined : why}
                        disabled={!open}
                        checked={open && now[cell(kind, channel)] === true}
                        onChange={(e) => set({ [cell(kind, channel)]: e.target.checked })}
                      />
                      <span aria-hidden="true">{channelWords[channel]}</span>
                    </label>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {some && (
        <p className={styles["why"]} id={why}>
          What is grey is turned off by your practice. Ask your care team if you would like to have it.
        </p>
      )}
    </div>
  );
}
