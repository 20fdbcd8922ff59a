import { useMemo, useState } from "react";
import { longDate } from "../lib/time.ts";
import {
  days,
  type Hours,
  hoursOf,
  hoursProblem,
  nextHours,
  type Week,
  withHoliday,
  withHours,
} from "../lib/week.ts";
import { Button, IconButton } from "./Button.tsx";
import { SelectField, TextField } from "./Field.tsx";
import styles from "./WeekFields.module.css";

interface FieldsProps<W extends Week> {
  week: W;
  /** What a day without hours is called. */
  none: string;
  /** Why the server refuses the time zone; "" where it does not. */
  zoneError: string | undefined;
  set(week: W): void;
}

/** The hours of every week in a time zone, and the days on which they do not count. */
export function WeekFields<W extends Week>({ week, none, zoneError, set }: FieldsProps<W>) {
  return (
    <>
      <div role="group" aria-label="Weekly hours" className={styles["week"]}>
        {days.map(({ id, label }) => (
          <DayRow
            key={id}
            label={label}
            none={none}
            own={hoursOf(week, id)}
            add={() => set(withHours(week, id, [...hoursOf(week, id), nextHours(id, hoursOf(week, id))]))}
            change={(own) => set(withHours(week, id, own))}
          />
        ))}
      </div>
      <Zone zone={week.time_zone} error={zoneError} set={(time_zone) => set({ ...week, time_zone })} />
      <Holidays
        holidays={week.holidays}
        add={(date) => set(withHoliday(week, date))}
        remove={(date) => set({ ...week, holidays: week.holidays.filter((d) => d !== date) })}
      />
    </>
  );
}

interface DayProps {
  label: string;
  none: string;
  own: readonly Hours[];
  add(): void;
  change(own: Hours[]): void;
}

function DayRow({ label, none, own, add, change }: DayProps) {
  const edit = (i: number, patch: Partial<Hours>) =>
    change(own.map((h, at) => (at === i ? { ...h, ...patch } : h)));
  return (
    <div role="group" aria-label={label} className={styles["day"]}>
      <span className={styles["dayName"]}>{label}</span>
      <div className={styles["intervals"]}>
        {own.length === 0 && <span className="muted">{none}</span>}
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

interface ZoneProps {
  zone: string;
  error: string | undefined;
  set(zone: string): void;
}

function Zone({ zone, error, set }: ZoneProps) {
  const zones = useMemo(() => [...new Set([zone, ...Intl.supportedValuesOf("timeZone")])], [zone]);
  return (
    <SelectField label="Time zone" value={zone} error={error} onChange={(e) => set(e.target.value)}>
      {zones.map((z) => (
        <option key={z} value={z}>
          {z.replaceAll("_", " ")}
        </option>
      ))}
    </SelectField>
  );
}

interface HolidaysProps {
  holidays: readonly string[];
  add(date: string): void;
  remove(date: string): void;
}

function Holidays({ holidays, add, remove }: HolidaysProps) {
  const [date, setDate] = useState("");
  return (
    <div className={styles["holidays"]}>
      <div className={styles["addHoliday"]}>
        <TextField label="Holiday" type="date" value={date} onChange={(e) => setDate(e.target.value)} />
        <Button
          disabled={date === ""}
          onClick={() => {
            add(date);
            setDate("");
          }}
        >
          Add holiday
        </Button>
      </div>
      <ul aria-label="Holidays">
        {holidays.map((day) => (
          <li key={day}>
            <time dateTime={day}>{longDate(`${day}T12:00:00Z`, "UTC")}</time>
            <IconButton
              label={`Remove ${longDate(`${day}T12:00:00Z`, "UTC")}`}
              icon="x"
              iconSize={14}
              onClick={() => remove(day)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
