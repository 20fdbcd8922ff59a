import { useState } from "react";
import { switchNames } from "../../api/access.ts";
import { useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import type { StaffAccess } from "../../api/types.ts";
import { SelectField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { Callout, Loaded, Problem } from "../../ui/States.tsx";
import { SegmentedSetting } from "../../ui/Switch.tsx";
import { LastChange, Overtaken } from "./Overtaken.tsx";
import styles from "./Panel.module.css";
import { useSaveStaff, useStaffAccess } from "./queries.ts";
import { useSettings } from "../../ui/useSettings.tsx";
import { switchLabels } from "./words.ts";

/** "My new clients": a provider's own defaults, for oneself or, with the permission, for any of them. */
export function ProviderCard() {
  const me = useMe();
  const all = can(me, "manage_settings");
  const { data: staff } = useStaff(all);
  const providers = (staff ?? []).filter((s) => s.role === "provider" && s.active !== false);
  const [chosen, setChosen] = useState("");
  const id = all ? chosen || (providers[0]?.id ?? "") : me.user.id;
  const access = useStaffAccess(id);
  if (all && staff && providers.length === 0) return null;
  return (
    <Card
      title={all ? "A provider’s new clients" : "My new clients"}
      lede="Where set, it counts instead of the practice’s default for clients whose primary provider this is."
    >
      {all && (
        <SelectField label="Provider" value={id} onChange={(e) => setChosen(e.target.value)}>
          {providers.map((s) => (
            <option key={s.id} value={s.id}>
              {s.name}
            </option>
          ))}
        </SelectField>
      )}
      <Loaded query={access} what="these defaults" rows={2}>
        {(latest) => <Form key={id} id={id} latest={latest} />}
      </Loaded>
    </Card>
  );
}

const options = [
  { value: "unset", label: "As the practice" },
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
] as const;

function Form({ id, latest }: { id: string; latest: StaffAccess }) {
  const form = useSettings(latest, useSaveStaff(id));
  const { base, now } = form;
  return (
    <div className={styles["stack"]}>
      <Callout>
        Changes here apply to clients added from now on. Clients already there keep their current settings.
      </Callout>
      <Overtaken form={form} />
      {switchNames.map((n) => (
        <div key={n}>
          <SegmentedSetting
            label={switchLabels[n]}
            help="For clients added with this primary provider."
            value={now[n]}
            options={options}
            onChange={(value) => form.set({ [n]: value })}
          />
          <LastChange changed={base[`${n}_changed`]} />
        </div>
      ))}
      <Problem error={form.problem} />
      <div className={styles["save"]}>{form.bar}</div>
    </div>
  );
}
