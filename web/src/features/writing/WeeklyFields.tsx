import { useMemo, useState } from "react";
import { fieldError } from "../../api/client.ts";
import type { AwayHours } from "../../api/types.ts";
import { longDate } from "../../lib/time.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { AreaField, SelectField, TextField } from "../../ui/Field.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { days, hoursOf, hoursProblem, nextHours, type Weekly, withHoliday, withHours } from "./away.ts";
import styles from "./Writing.module.css";

interface FieldsProps {
  weekly: Weekly;
  error: unknown;
  set(weekly: Weekly): void;
}

/** The hours of every week, and the days on which they do not count. */
export function WeeklyFields({ weekly, error, set }: FieldsProps) {
  return (
    <>
      <SwitchSetting
        label="Outside of weekly hours"
        help="Clients who write outside of these hours are answered automatically."
        on={weekly.enabled}
        onChange={(enabled) => set({ ...weekly, enabled })}
      />
      {weekly.enabled && (
        <div className={styles["fields"]}>
          <AreaField
            label="Reply outside of hours"
            rows={3}
            maxLength={2000}
            value={weekly.text}
            placeholder="Messages are read Monday–Friday, 9 AM–5 PM. In an emergency, call 911."
            error={
              weekly.text.trim() === ""
                ? "Write what clients are answered."
                : fieldError(error, "weekly.text")
            }
            onChange={(e) => set({ ...weekly, text: e.target.value })}
          />
          <div role="group" aria-label="Weekly hours" className={styles["week"]}>
            {days.map(({ id, label }) => (
              <DayRow
                key={id}
                label={label}
                own={hoursOf(weekly, id)}
                add={() =>
                  set(withHours(weekly, id, [...hoursOf(weekly, id), nextHours(id, hoursOf(weekly, id))]))
                }
                change={(own) => set(withHours(weekly, id, own))}
              />
            ))}
          </div>
          <Zone weekly={weekly} error={error} set={set} />
          <Holidays weekly={weekly} set={set} />
        </div>
      )}
    </>
  );
}

interface DayProps {
  label: string;
  own: readonly AwayHours[];
  add(): void;
  change(own: AwayHours[]): void;
}

function DayRow({ label, own, add, change }: DayProps) {
  const edit = (i: number, patch: Partial<AwayHours>) =>
    change(own.map((h, at) => (at === i ? { ...h, ...patch } : h)));
  return (
    <div role="group" aria-label={label} className={styles["day"]}>
      <span className={styles["dayName"]}>{label}</span>
      <div className={styles["intervals"]}>
        {own.length === 0 && <span className="muted">Away all day</span>}
        {own.map((h, i) => (
          <div key={i} className={styles["interval"]}>
            <Time label={`${label}, from`} value={h.from} set={(from) => edit(i, { from })} />
            <span aria-hidden="true">–</span>
            <Time label={`${label}, to`} value={h.to} midnight set={(to) => edit(i, { to })} />
            <IconButton
              label={`Remove these hours of ${label}`}
              icon="x"
              iconSize={16}
              onClick={() => change(own.filter((_, at) => at !== i))}
            />
            {hoursProblem(h) && <span className={styles["bad"]}>{hoursProblem(h)}</span>}
          </div>
        ))}
      </div>
      <Button size="small" look="ghost" aria-label={`Add hours on ${label}`} onClick={add}>
        Add hours
      </Button>
    </div>
  );
}

/** A clock field. Browsers know no 24:00, so the end of the day shows as 00:00. */
function Time({
  label,
  value,
  midnight,
  set,
}: {
  label: string;
  value: string;
  midnight?: boolean;
  set(v: string): void;
}) {
  const end = midnight === true;
  return (
    <input
      type="time"
      className={styles["time"]}
      aria-label={label}
      value={value === "24:00" ? "00:00" : value}
      onChange={(e) => set(end && e.target.value === "00:00" ? "24:00" : e.target.value)}
    />
  );
}

function Zone({ weekly, error, set }: FieldsProps) {
  const zones = useMemo(
    () => [...new Set([weekly.time_zone, ...Intl.supportedValuesOf("timeZone")])],
    [weekly.time_zone],
  );
  return (
    <SelectField
      label="Time zone"
      value={weekly.time_zone}
      error={fieldError(error, "weekly.time_zone")}
      onChange={(e) => set({ ...weekly, time_zone: e.target.value })}
    >
      {zones.map((z) => (
        <option key={z} value={z}>
          {z.replaceAll("_", " ")}
        </option>
      ))}
    </SelectField>
  );
}

function Holidays({ weekly, set }: Pick<FieldsProps, "weekly" | "set">) {
  const [date, setDate] = useState("");
  const add = () => {
    if (date === "") return;
    set(withHoliday(weekly, date));
    setDate("");
  };
  return (
    <div className={styles["holidays"]}>
      <div className={styles["addHoliday"]}>
        <TextField label="Holiday" type="date" value={date} onChange={(e) => setDate(e.target.value)} />
        <Button disabled={date === ""} onClick={add}>
          Add holiday
        </Button>
      </div>
      <ul aria-label="Holidays">
        {weekly.holidays.map((day) => (
          <li key={day}>
            <time dateTime={day}>{longDate(`${day}T12:00:00Z`, "UTC")}</time>
            <IconButton
              label={`Remove ${longDate(`${day}T12:00:00Z`, "UTC")}`}
              icon="x"
              iconSize={14}
              onClick={() => set({ ...weekly, holidays: weekly.holidays.filter((d) => d !== day) })}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
