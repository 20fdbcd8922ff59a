import { useState } from "react";
import { fieldError } from "../../api/client.ts";
import { useGroups, useStaff } from "../../api/directory.ts";
import { useMe } from "../../api/session.ts";
import { uuidv7 } from "../../lib/ids.ts";
import { navigate } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { InviteLink } from "../../ui/InviteLink.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { useAddClient } from "./queries.ts";

/** Adds one client and shows how they get in. */
export function AddClientDialog({ close }: { close(): void }) {
  const add = useAddClient();
  const [round, setRound] = useState(0);
  if (add.data) {
    const { id, name, invitation } = add.data;
    return (
      <Dialog
        title={`${name} is added`}
        close={close}
        footer={
          <>
            <Button
              look="ghost"
              onClick={() => {
                add.reset();
                setRound(round + 1);
              }}
            >
              Add another
            </Button>
            <Button look="primary" onClick={() => navigate(`/clients/${id}`)}>
              Open profile
            </Button>
          </>
        }
      >
        {invitation ? (
          <InviteLink invitation={invitation} name={name} />
        ) : (
          <Callout tone="pine" icon="check">
            {name} is on the list. Add an email to their profile when they should come in here.
          </Callout>
        )}
      </Dialog>
    );
  }
  return <Form key={round} add={add} close={close} />;
}

const blank = { name: "", email: "", group: "", provider: "" };

function Form({ add, close }: { add: ReturnType<typeof useAddClient>; close(): void }) {
  const me = useMe();
  const { data: groups } = useGroups();
  const { data: staff } = useStaff();
  const [id] = useState(uuidv7);
  const [form, setForm] = useState(blank);
  const [tried, setTried] = useState(false);
  const providers = (staff ?? []).filter((s) => s.active !== false);
  const suggested = providers.find((s) => s.id === me.user.id && s.role === "provider") ?? null;
  const provider = form.provider || (suggested?.id ?? "");
  const set = (name: keyof typeof form) => (e: { target: { value: string } }) =>
    setForm({ ...form, [name]: e.target.value });
  const submit = () => {
    setTried(true);
    if (form.name.trim() === "" || provider === "") return;
    add.mutate({
      id,
      name: form.name.trim(),
      primary_provider_id: provider,
      ...(form.email.trim() && { email: form.email.trim() }),
      ...(form.group && { group_id: form.group }),
    });
  };
  return (
    <Dialog
      title="Add client"
      close={close}
      onSubmit={submit}
      footer={
        <Confirm close={close} disabled={add.isPending}>
          Add client
        </Confirm>
      }
    >
      <TextField
        label="Name"
        autoFocus
        maxLength={200}
        autoComplete="off"
        error={
          (tried && form.name.trim() === "" ? "This is needed." : undefined) ?? fieldError(add.error, "name")
        }
        value={form.name}
        onChange={set("name")}
      />
      <TextField
        label="Email (optional)"
        type="email"
        maxLength={254}
        autoComplete="off"
        hint="They sign in with it. Without one you can invite them later."
        error={fieldError(add.error, "email")}
        value={form.email}
        onChange={set("email")}
      />
      <SelectField
        label="Primary provider"
        error={
          tried && provider === ""
            ? "Choose who looks after this client."
            : fieldError(add.error, "primary_provider_id")
        }
        value={provider}
        onChange={set("provider")}
      >
        <option value="">Choose…</option>
        {providers.map((s) => (
          <option key={s.id} value={s.id}>
            {s.name}
          </option>
        ))}
      </SelectField>
      <SelectField label="Group" value={form.group} onChange={set("group")}>
        <option value="">No group</option>
        {(groups ?? []).map((g) => (
          <option key={g.id} value={g.id}>
            {g.name}
          </option>
        ))}
      </SelectField>
      <Problem error={add.error} />
    </Dialog>
  );
}
