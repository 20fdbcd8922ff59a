import type { useSettings } from "../../../ui/useSettings.tsx";
import { Callout, Problem } from "../../../ui/States.tsx";
import { Segmented } from "../../../ui/Switch.tsx";
import { settingWord } from "../words.ts";
import type { GroupForm } from "./forms.ts";
import { MatrixFields } from "./MatrixFields.tsx";
import styles from "./Notifications.module.css";
import { OvertakenCells } from "./OvertakenCells.tsx";
import { cellWords } from "./words.ts";

const options = [
  { value: "unset", label: "Not set" },
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
] as const;

/** "Adjust Chat Notifications" of a group: what counts for members without a setting of their own. */
export function GroupSection({ form }: { form: ReturnType<typeof useSettings<GroupForm>> }) {
  const { base, now } = form;
  return (
    <>
      <OvertakenCells form={form} />
      <p className="muted">
        Members without a setting of their own follow at once. “Not set” leaves them on their default.
      </p>
      <MatrixFields
        level={4}
        line={(cell) =>
          now[cell] !== base[cell] && (
            <span className={styles["pending"]}>Not saved. Was {settingWord(base[cell]).toLowerCase()}</span>
          )
        }
        control={(cell) => (
          <Segmented
            label={`${cellWords(cell)}: ${settingWord(now[cell]).toLowerCase()}`}
            value={now[cell]}
            options={options}
            onChange={(value) => form.set({ [cell]: value })}
          />
        )}
      />
      <Callout tone="quiet">
        Notifications never change who may chat, and turning chat on or off never changes these.
      </Callout>
      <Problem error={form.problem} />
    </>
  );
}
