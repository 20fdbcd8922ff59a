import { useState } from "react";
import { useMe } from "../../api/session.ts";
import type { Invitation, Staff } from "../../api/types.ts";
import { Button } from "../../ui/Button.tsx";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { InviteLink } from "../../ui/InviteLink.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { type StaffFields, useAddStaff, useChangeStaff, useInviteStaff } from "./mutations.ts";
import { type Role, roleDefaults } from "./permissions.ts";
import { changed, cleaned } from "./staffChanges.ts";
import { Fields } from "./StaffFields.tsx";

interface StaffDialogProps {
  /** Whom to edit; null adds someone. */
  staff: Staff | null;
  close(): void;
}

export function StaffDialog({ staff, close }: StaffDialogProps) {
  const [added, setAdded] = useState<{ name: string; invitation: Invitation | null } | null>(null);
  if (added) {
    return (
      <Dialog
        title={`${added.name} is added`}
        close={close}
        footer={
          <Button look="primary" onClick={close}>
            Done
          </Button>
        }
      >
        {added.invitation ? (
          <InviteLink invitation={added.invitation} name={added.name} />
        ) : (
          <Callout tone="pine" icon="check">
            {added.name} can be invited from the team page.
          </Callout>
        )}
      </Dialog>
    );
  }
  return staff ? <Edit staff={staff} close={close} /> : <Add close={close} added={setAdded} />;
}

const blank: StaffFields = {
  name: "",
  email: "",
  role: "provider",
  title: null,
  permissions: roleDefaults("provider"),
  clients_may_start: true,
};

interface AddProps {
  close(): void;
  added(result: { name: string; invitation: Invitation | null }): void;
}

function Add({ close, added }: AddProps) {
  const [form, setForm] = useState(blank);
  const [tried, setTried] = useState(false);
  const add = useAddStaff();
  const submit = () => {
    setTried(true);
    if (form.name.trim() === "" || form.email.trim() === "") return;
    add.mutate(cleaned(form), {
      onSuccess: (made) => added({ name: made.name, invitation: made.invitation ?? null }),
    });
  };
  return (
    <Dialog
      title="Add staff"
      wide
      close={close}
      onSubmit={submit}
      footer={
        <Confirm close={close} disabled={add.isPending}>
          Add staff
        </Confirm>
      }
    >
      <Fields form={form} setForm={setForm} tried={tried} error={add.error} mayOwn={false} />
      <Problem error={add.error} />
    </Dialog>
  );
}

function Edit({ staff, close }: { staff: Staff; close(): void }) {
  const me = useMe();
  const before: StaffFields = {
    name: staff.name,
    email: staff.email ?? "",
    role: (staff.role ?? "provider") as Role,
    title: staff.title ?? null,
    permissions: staff.permissions ?? [],
    clients_may_start: staff.clients_may_start,
  };
  const [form, setForm] = useState(before);
  const change = useChangeStaff(staff.id);
  const invite = useInviteStaff(staff.id);
  const self = staff.id === me.user.id;
  const submit = () => {
    const changes = changed(before, cleaned(form));
    if (form.name.trim() === "") return;
    if (Object.keys(changes).length === 0) return close();
    change.mutate(changes, {
      onSuccess: () => {
        close();
        say("Saved.");
      },
    });
  };
  const activate = (active: boolean) =>
    change.mutate(
      { active },
      {
        onSuccess: () => {
          close();
          say(active ? `${staff.name} can sign in again.` : `${staff.name} can no longer sign in.`);
        },
      },
    );
  return (
    <Dialog
      title={staff.name}
      wide
      close={close}
      onSubmit={submit}
      footer={
        <>
          {!self && staff.active !== false && (
            <Button look="dangerQuiet" style={{ marginRight: "auto" }} onClick={() => activate(false)}>
              Deactivate
            </Button>
          )}
          {staff.active === false && (
            <Button style={{ marginRight: "auto" }} onClick={() => activate(true)}>
              Activate again
            </Button>
          )}
          <Confirm close={close} disabled={change.isPending}>
            Save
          </Confirm>
        </>
      }
    >
      {staff.active === false && (
        <Callout tone="quiet">Deactivated staff can’t sign in. What they wrote stays.</Callout>
      )}
      <Fields
        form={form}
        setForm={setForm}
        tried
        error={change.error}
        mayOwn={me.user.role === "owner" || staff.role === "owner"}
      />
      {staff.active !== false && !self && (
        <div>
          <Button
            icon={staff.invited === "joined" ? "key-round" : "mail"}
            disabled={invite.isPending}
            onClick={() => invite.mutate()}
          >
            {staff.invited === "joined" ? "New password link" : "Invite again"}
          </Button>
        </div>
      )}
      {invite.data && <InviteLink invitation={invite.data} name={staff.name} />}
      <Problem error={invite.error ?? change.error} />
    </Dialog>
  );
}
