import type { Recipient } from "../../../api/recipients.ts";
import { can, useMe } from "../../../api/session.ts";
import { count } from "../../../lib/text.ts";
import { Check, TextField } from "../../../ui/Field.tsx";
import { Callout } from "../../../ui/States.tsx";
import { leftOutWords } from "../recipients.ts";
import styles from "./Community.module.css";
import type { LeftOut } from "./useLeftOut.ts";

/** What is chosen for a new community chat beside its people. */
export interface Options {
  keepInStep: boolean;
  history: boolean;
}

interface OptionsProps {
  subject: string;
  setSubject(subject: string): void;
  groups: readonly Recipient[];
  options: Options;
  set(options: Options): void;
}

/** The name of a new community chat, and how it goes on. */
export function CommunityOptions({ subject, setSubject, groups, options, set }: OptionsProps) {
  const me = useMe();
  const may = can(me, "view_all_clients");
  return (
    <div className={styles["options"]}>
      <TextField
        label="Name of the community chat"
        hint="Everyone in it sees this name."
        maxLength={200}
        value={subject}
        onChange={(e) => setSubject(e.target.value)}
      />
      {groups.length > 0 && (
        <Check
          label={groups.length === 1 ? "Keep in step with the group" : "Keep in step with the groups"}
          hint={
            may
              ? "Who joins later comes in by themselves, and who leaves goes."
              : "This needs the permission to view all clients."
          }
          disabled={!may}
          checked={options.keepInStep && may}
          onChange={(e) => set({ ...options, keepInStep: e.target.checked })}
        />
      )}
      <Check
        label="Who joins later can read earlier posts"
        hint="Otherwise they read from when they came."
        checked={options.history}
        onChange={(e) => set({ ...options, history: e.target.checked })}
      />
    </div>
  );
}

/** Who will be left out, named before anything is made. */
export function LeftOutNotice({ leftOut, of }: { leftOut: LeftOut; of: number }) {
  if (leftOut.total === 0) return null;
  const more = leftOut.total - leftOut.names.length;
  return (
    <Callout tone="amber" icon="message-circle-off" live="status">
      {leftOutWords(leftOut.names, of, leftOut.total)}
      {leftOut.total > 1 && (
        <details className={styles["review"]}>
          <summary>Review</summary>
          <ul>
            {leftOut.names.map((r) => (
              <li key={r.id}>{r.name}</li>
            ))}
          </ul>
          {more > 0 && <p>And {count(more, "more client", "more clients")}.</p>}
        </details>
      )}
    </Callout>
  );
}
