import { useMemo } from "react";
import type { Day } from "../../api/preferences.ts";
import { useMe } from "../../api/session.ts";
import { zoneName } from "../../lib/zone.ts";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { type Form, quietProblem, week } from "./form.ts";
import styles from "./Notifications.module.css";

const dayNames: Record<Day, readonly [string, string]> = {
  mon: ["Mon", "Monday"],
  tue: ["Tue", "Tuesday"],
  wed: ["Wed", "Wednesday"],
  thu: ["Thu", "Thursday"],
  fri: ["Fri", "Friday"],
  sat: ["Sat", "Saturday"],
  sun: ["Sun", "Sunday"],
};

interface FieldsProps {
  now: Form;
  set(patch: Partial<Form>): void;
  zoneError?: string | undefined;
}

/** When nothing is sent and nothing sounds. */
export function QuietFields({ now, set, zoneError }: FieldsProps) {
  const problem = quietProblem(now);
  const over = now.quiet_from >= now.quiet_to;
  return (
    <>
      <SwitchSetting
        label="Keep quiet hours"
        help="No mail, no push and no sound. What is still unread is told when they end."
        on={now.quiet_on}
        onChange={(quiet_on) => set({ quiet_on })}
      />
      {now.quiet_on && (
        <div className={styles["fields"]}>
          <div className={styles["times"]}>
            <TextField
              label="From"
              type="time"
              value={now.quiet_from}
              onChange={(e) => set({ quiet_from: e.target.value })}
            />
            <TextField
              label="Until"
              type="time"
              hint={over ? "On the next day" : undefined}
              value={now.quiet_to}
              onChange={(e) => set({ quiet_to: e.target.value })}
            />
          </div>
          <Days days={now.quiet_days} over={over} set={(quiet_days) => set({ quiet_days })} />
          {problem && (
            <p className={styles["bad"]} role="alert">
              {problem}
            </p>
          )}
        </div>
      )}
      <Zone now={now} set={set} zoneError={zoneError} />
    </>
  );
}

function Days({ days, over, set }: { days: readonly Day[]; over: boolean; set(days: Day[]): void }) {
  return (
    <fieldset className={styles["days"]}>
      <legend>{over ? "On nights that begin on" : "On"}</legend>
      {week.map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            aria-label={dayNames[day][1]}
            checked={days.includes(day)}
            onChange={(e) => set(week.filter((d) => (d === day ? e.target.checked : days.includes(d))))}
          />
          <span aria-hidden="true">{dayNames[day][0]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Zone({ now, set, zoneError }: FieldsProps) {
  const practice = useMe().organization.time_zone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const chosen = now.time_zone || practice;
  const zones = useMemo(
    () => [...new Set([chosen, here, ...Intl.supportedValuesOf("timeZone")])].filter(Boolean),
    [chosen, here],
  );
  return (
    <SelectField
      label="Your time zone"
      hint={
        chosen !== here && (
          <>
            This device is in {zoneName(here)}.{" "}
            <button type="button" className="link" onClick={() => set({ time_zone: here })}>
              Use that
            </button>
          </>
        )
      }
      error={zoneError}
      value={now.time_zone}
      onChange={(e) => set({ time_zone: e.target.value })}
    >
      <option value="">The practice’s: {zoneName(practice)}</option>
      {zones.map((z) => (
        <option key={z} value={z}>
          {zoneName(z)}
        </option>
      ))}
    </SelectField>
  );
}
