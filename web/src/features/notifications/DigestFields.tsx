import type { Digest } from "../../api/preferences.ts";
import { Check, TextField } from "../../ui/Field.tsx";
import type { Form } from "./form.ts";
import styles from "./Notifications.module.css";

const choices: readonly (readonly [Digest, string, string])[] = [
  ["at_once", "At once", "A few minutes after a message, if you have not read it by then."],
  ["15_minutes", "Every 15 minutes", "One mail for all that is unread."],
  ["hourly", "Every hour", "One mail for all that is unread."],
  ["daily", "Once a day", "One mail for all that is unread."],
];

/** How often there is a mail. */
export function DigestFields({ now, set }: { now: Form; set(patch: Partial<Form>): void }) {
  return (
    <fieldset className={styles["choices"]}>
      <legend className="sr">How often there is a mail</legend>
      {choices.map(([value, label, hint]) => (
        <Check
          key={value}
          kind="radio"
          name="digest"
          label={label}
          hint={hint}
          checked={now.digest === value}
          onChange={() => set({ digest: value })}
        />
      ))}
      {now.digest === "daily" && (
        <div className={styles["times"]}>
          <TextField
            label="At"
            type="time"
            error={now.daily_at === "" ? "Choose a time." : undefined}
            value={now.daily_at}
            onChange={(e) => set({ daily_at: e.target.value })}
          />
        </div>
      )}
    </fieldset>
  );
}
