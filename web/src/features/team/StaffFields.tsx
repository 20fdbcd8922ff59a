import { fieldError } from "../../api/client.ts";
import { Check, SelectField, TextField } from "../../ui/Field.tsx";
import type { Permission } from "../../api/types.ts";
import type { StaffFields } from "./mutations.ts";
import { permissions, type Role, roleDefaults, roles } from "./permissions.ts";

interface FieldsProps {
  form: StaffFields;
  setForm(form: StaffFields): void;
  tried: boolean;
  error: unknown;
  mayOwn: boolean;
}

/** Everything about a member of staff that can be set. */
export function Fields({ form, setForm, tried, error, mayOwn }: FieldsProps) {
  const set = (patch: Partial<StaffFields>) => setForm({ ...form, ...patch });
  const needed = (value: string) => (tried && value.trim() === "" ? "This is needed." : undefined);
  const toggle = (id: Permission, on: boolean) =>
    set({ permissions: on ? [...form.permissions, id] : form.permissions.filter((p) => p !== id) });
  const full = form.role === "owner";
  return (
    <>
      <TextField
        label="Name"
        maxLength={200}
        autoComplete="off"
        error={needed(form.name) ?? fieldError(error, "name")}
        value={form.name}
        onChange={(e) => set({ name: e.target.value })}
      />
      <TextField
        label="Email"
        type="email"
        maxLength={254}
        autoComplete="off"
        error={needed(form.email) ?? fieldError(error, "email")}
        value={form.email}
        onChange={(e) => set({ email: e.target.value })}
      />
      <TextField
        label="Title (optional)"
        hint="What clients see below the name, e.g. Dietitian."
        maxLength={200}
        autoComplete="off"
        error={fieldError(error, "title")}
        value={form.title ?? ""}
        onChange={(e) => set({ title: e.target.value })}
      />
      <SelectField
        label="Role"
        hint="A role brings its usual permissions; change them below."
        error={fieldError(error, "role")}
        value={form.role}
        onChange={(e) => set({ role: e.target.value as Role, permissions: roleDefaults(e.target.value) })}
      >
        {roles
          .filter((r) => r.id !== "owner" || mayOwn)
          .map((r) => (
            <option key={r.id} value={r.id}>
              {r.label}
            </option>
          ))}
      </SelectField>
      <fieldset disabled={full}>
        <legend style={{ fontWeight: "var(--w-semi)", fontSize: "var(--t-13)", padding: 0 }}>
          {full ? "Permissions (an owner has all)" : "Permissions"}
        </legend>
        {permissions.map((p) => (
          <Check
            key={p.id}
            label={p.label}
            hint={p.hint || undefined}
            checked={full || form.permissions.includes(p.id)}
            onChange={(e) => toggle(p.id, e.target.checked)}
          />
        ))}
      </fieldset>
      <Check
        label="Clients may start conversations with them"
        hint="Only clients whose care team they are on."
        checked={form.clients_may_start}
        onChange={(e) => set({ clients_may_start: e.target.checked })}
      />
    </>
  );
}
