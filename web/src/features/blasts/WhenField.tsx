import { useState } from "react";
import { useMe } from "../../api/session.ts";
import { zoneClock, zoneMoment, zoneName } from "../../lib/zone.ts";
import { SelectField, TextField } from "../../ui/Field.tsx";
import styles from "./Compose.module.css";

interface WhenProps {
  /** ISO; "" for at once. */
  value: string;
  set(value: string): void;
  mayNow: boolean;
  error: string | undefined;
}

/** When it goes: at once, or at a time of the practice's zone. */
export function WhenField({ value, set, mayNow, error }: WhenProps) {
  const zone = useMe().organization.time_zone;
  const [later, setLater] = useState(value !== "" || !mayNow);
  const [text, setText] = useState(value ? zoneClock(new Date(value), zone) : "");
  const past = value !== "" && Date.parse(value) <= Date.now();
  const write = (local: string) => {
    setText(local);
    set(zoneMoment(local, zone)?.toISOString() ?? "");
  };
  const choose = (when: string) => {
    setLater(when === "later");
    if (when !== "later") set("");
    else if (text === "") write(tomorrow(zone));
    else write(text);
  };
  return (
    <div className={styles["when"]}>
      {mayNow && (
        <SelectField label="Send" value={later ? "later" : "now"} onChange={(e) => choose(e.target.value)}>
          <option value="now">Now</option>
          <option value="later">At a time</option>
        </SelectField>
      )}
      {later && (
        <TextField
          label={mayNow ? "Date and time" : "Send"}
          type="datetime-local"
          min={zoneClock(new Date(), zone)}
          value={text}
          hint={`Time in ${zoneName(zone)}.`}
          error={past || text === "" ? `Choose a time that is still to come, in ${zoneName(zone)}.` : error}
          onChange={(e) => write(e.target.value)}
        />
      )}
    </div>
  );
}

/** 9 in the morning of the next day, where the practice is. */
function tomorrow(zone: string): string {
  return `${zoneClock(new Date(Date.now() + 86_400_000), zone).slice(0, 10)}T09:00`;
}
