import { useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import { SelectField } from "../../ui/Field.tsx";

interface FromProps {
  value: string;
  set(id: string): void;
}

/** Who it is from: oneself, or a colleague on whose behalf one writes. */
export function FromField({ value, set }: FromProps) {
  const me = useMe();
  const may = can(me, "organization_inbox");
  const { data } = useStaff();
  const others = may ? (data ?? []).filter((s) => s.id !== me.user.id && s.active !== false) : [];
  const chosen = others.find((s) => s.id === value);
  return (
    <SelectField
      label="From"
      value={value}
      hint={chosen && `They’ll read “${me.user.name} on behalf of ${chosen.name}”.`}
      onChange={(e) => set(e.target.value)}
    >
      <option value="">{me.user.name} (you)</option>
      {others.map((s) => (
        <option key={s.id} value={s.id}>
          On behalf of {s.name}
        </option>
      ))}
    </SelectField>
  );
}
