import { useState } from "react";
import type { Away } from "../../api/types.ts";
import { clock, dayKey } from "../../lib/time.ts";
import { AreaField, TextField } from "../../ui/Field.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { newOnce, onceProblem } from "./away.ts";
import styles from "./Writing.module.css";

interface FieldsProps {
  once: Away["once"];
  set(once: Away["once"]): void;
}

/** The value of a datetime-local field, to the minute. */
function fieldValue(iso: string): string {
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${dayKey(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Being away for a time: a leave, a training. */
export function OnceFields({ once, set }: FieldsProps) {
  // What was typed comes back when the switch is turned on again.
  const [kept, setKept] = useState(() => once ?? newOnce(new Date()));
  const over = once !== null && Date.parse(once.until) <= Date.now();
  const change = (patch: Partial<typeof kept>) => {
    const next = { ...kept, ...patch };
    setKept(next);
    set(next);
  };
  const time = (label: string, name: "from" | "until", error?: string) => (
    <TextField
      label={label}
      type="datetime-local"
      value={fieldValue(kept[name])}
      error={error}
      onChange={(e) => e.target.value && change({ [name]: new Date(e.target.value).toISOString() })}
    />
  );
  return (
    <>
      <SwitchSetting
        label="Away for a time"
        help={
          over
            ? `This ended at ${clock(once.until)}. Choose new times to use it again.`
            : "Counts also during your hours."
        }
        on={once !== null}
        onChange={(on) => set(on ? kept : null)}
      />
      {once && (
        <div className={styles["fields"]}>
          <div className={styles["two"]}>
            {time("From", "from")}
            {time("Until", "until", onceProblem(once) || undefined)}
          </div>
          <AreaField
            label="Reply while away"
            rows={3}
            maxLength={2000}
            value={once.text}
            placeholder="I’m away until Monday. For anything that can’t wait, call the practice."
            error={once.text.trim() === "" ? "Write what clients are answered." : undefined}
            onChange={(e) => change({ text: e.target.value })}
          />
        </div>
      )}
    </>
  );
}
