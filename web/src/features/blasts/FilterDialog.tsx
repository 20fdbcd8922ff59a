import { useState } from "react";
import { useBlastPreview } from "../../api/blasts.ts";
import { useGroups, useStaff } from "../../api/directory.ts";
import type { Recipient } from "../../api/recipients.ts";
import { useMe } from "../../api/session.ts";
import type { ClientsFilter } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import { zoneMoment } from "../../lib/zone.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Problem } from "../../ui/States.tsx";
import styles from "./Compose.module.css";
import { filterOf } from "./form.ts";

// Import this file only lazily: it brings react-aria.

interface FilterProps {
  add(r: Recipient): void;
  close(): void;
}

/** Clients by what they have: group, provider, access, when they were last here. */
export function FilterDialog({ add, close }: FilterProps) {
  const zone = useMe().organization.time_zone;
  const { data: groups = [] } = useGroups();
  const { data: staff = [] } = useStaff();
  const [picked, setPicked] = useState<Record<string, string>>({});
  const filter = filterFrom(picked, zone);
  const some = Object.keys(filter).length > 0;
  const preview = useBlastPreview({ filter }, some);
  const found = some ? preview.data : undefined;
  const submit = () => {
    if (!found || found.chosen === 0) return;
    add({ ...filterOf(filter, { groups, staff }), size: found.chosen });
    close();
  };
  const pick = (name: string) => ({
    value: picked[name] ?? "",
    onChange: (e: { target: { value: string } }) => setPicked({ ...picked, [name]: e.target.value }),
  });
  return (
    <Dialog
      title="Clients by filter"
      close={close}
      onSubmit={submit}
      footer={
        <Confirm close={close} disabled={!found || found.chosen === 0 || preview.isPlaceholderData}>
          {found ? `Add ${count(found.chosen, "client")}` : "Add clients"}
        </Confirm>
      }
    >
      <p className="muted">Active clients for whom all of this holds.</p>
      <div className={styles["cols2"]}>
        <SelectField label="Group" {...pick("group_id")}>
          <option value="">Any</option>
          {groups.map((g) => (
            <option key={g.id} value={g.id}>
              {g.name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Provider" {...pick("provider_id")}>
          <option value="">Any</option>
          {staff.map((s) => (
            <option key={s.id} value={s.id}>
              {s.name}
            </option>
          ))}
        </SelectField>
        <Access label="Direct Messaging" {...pick("direct")} />
        <Access label="Community Chat" {...pick("community")} />
        <TextField label="Seen since" type="date" {...pick("seen_after")} />
        <TextField label="Not seen since" type="date" {...pick("seen_before")} />
      </div>
      <Problem error={preview.error} />
    </Dialog>
  );
}

interface AccessProps {
  label: string;
  value: string;
  onChange(e: { target: { value: string } }): void;
}

function Access(props: AccessProps) {
  return (
    <SelectField {...props}>
      <option value="">Either</option>
      <option value="on">On</option>
      <option value="off">Off</option>
    </SelectField>
  );
}

/** What is set, with days as moments of the practice's zone. */
function filterFrom(picked: Record<string, string>, zone: string): ClientsFilter {
  const filter: Record<string, string> = {};
  for (const [name, value] of Object.entries(picked)) {
    const day = name.startsWith("seen_") ? zoneMoment(`${value}T00:00`, zone)?.toISOString() : value;
    if (day) filter[name] = day;
  }
  return filter;
}
