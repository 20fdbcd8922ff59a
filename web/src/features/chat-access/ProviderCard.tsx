import { useState } from "react";
import { switchNames } from "../../api/access.ts";
import { useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import type { StaffAccess } from "../../api/types.ts";
import { dateTime } from "../../lib/time.ts";
import { SelectField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { SaveBar } from "../../ui/SaveBar.tsx";
import { Callout, Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { SegmentedSetting } from "../../ui/Switch.tsx";
import { say } from "../../ui/toast.ts";
import { useEdits } from "./edits.ts";
import { Overtaken } from "./Overtaken.tsx";
import styles from "./Panel.module.css";
import { conflictState, useSaveStaff, useStaffAccess } from "./queries.ts";
import { settingWord, switchLabels, switchWords } from "./words.ts";

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
      {access.data ? (
        <Form key={id} id={id} latest={access.data} />
      ) : access.isError ? (
        <Failed what="these defaults" error={access.error} retry={() => void access.refetch()} />
      ) : (
        <ListSkeleton rows={2} label="Loading the defaults" />
      )}
    </Card>
  );
}

const options = [
  { value: "unset", label: "As the practice" },
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
] as const;

function Form({ id, latest }: { id: string; latest: StaffAccess }) {
  const form = useEdits(latest);
  const saving = useSaveStaff(id);
  const { base, now, edits } = form;
  const save = () =>
    saving.mutate(
      { version: base.version, ...edits },
      {
        onSuccess: (saved) => {
          form.reset(saved);
          say("Saved.");
        },
        onError: (error) => {
          const theirs = conflictState<StaffAccess>(error);
          if (theirs) form.arrive(theirs);
        },
      },
    );
  return (
    <div className={styles["stack"]}>
      <Callout>
        Changes here apply to clients added from now on. Clients already there keep their current settings.
      </Callout>
      {form.overtaken && (
        <Overtaken changed={[base.direct_changed, base.community_changed]}>
          {switchNames
            .map((n) => `${switchWords[n]} is ${settingWord(base[n]).toLowerCase()} now.`)
            .join(" ")}
        </Overtaken>
      )}
      {switchNames.map((n) => {
        const changed = n === "direct" ? base.direct_changed : base.community_changed;
        return (
          <div key={n}>
            <SegmentedSetting
              label={switchLabels[n]}
              help="For clients added with this primary provider."
              value={now[n]}
              options={options}
              onChange={(value) => form.set({ [n]: value })}
            />
            {changed && (
              <p className={styles["changed"]}>
                Changed {dateTime(changed.at)} by {changed.by.name}
              </p>
            )}
          </div>
        );
      })}
      {!conflictState(saving.error) && <Problem error={saving.error} />}
      <div className={styles["save"]}>
        <SaveBar
          changes={form.changes}
          saving={saving.isPending}
          save={save}
          discard={() => form.reset(base)}
        />
      </div>
    </div>
  );
}
