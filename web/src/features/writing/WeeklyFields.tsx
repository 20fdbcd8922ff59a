import { fieldError } from "../../api/client.ts";
import { AreaField } from "../../ui/Field.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { WeekFields } from "../../ui/WeekFields.tsx";
import type { Weekly } from "./away.ts";
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
          <WeekFields
            week={weekly}
            none="Away all day"
            zoneError={fieldError(error, "weekly.time_zone")}
            set={set}
          />
        </div>
      )}
    </>
  );
}
