import { useState } from "react";
import type { Group } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { useDeleteGroup, useRenameGroup } from "./queries.ts";

export function RenameGroup({ group, close }: { group: Group; close(): void }) {
  const [name, setName] = useState(group.name);
  const rename = useRenameGroup();
  const submit = () => {
    if (name.trim() === "") return;
    rename.mutate({ id: group.id, name: name.trim() }, { onSuccess: close });
  };
  return (
    <Dialog
      title={`Rename ${group.name}`}
      close={close}
      onSubmit={submit}
      footer={
        <Confirm close={close} disabled={rename.isPending || name.trim() === ""}>
          Rename
        </Confirm>
      }
    >
      <TextField
        label="Name"
        autoFocus
        maxLength={200}
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <Problem error={rename.error} />
    </Dialog>
  );
}

/** Deleting a group says first what becomes of its members. */
export function DeleteGroup({
  group,
  groups,
  close,
}: {
  group: Group;
  groups: readonly Group[];
  close(): void;
}) {
  const [moveTo, setMoveTo] = useState("");
  const remove = useDeleteGroup();
  const others = groups.filter((g) => g.id !== group.id);
  const submit = () =>
    remove.mutate(
      { id: group.id, moveTo },
      {
        onSuccess: () => {
          close();
          say(`${group.name} is deleted.`);
        },
      },
    );
  return (
    <Dialog
      title={`Delete ${group.name}?`}
      role="alertdialog"
      close={close}
      onSubmit={submit}
      footer={
        <Confirm close={close} danger disabled={remove.isPending}>
          Delete group
        </Confirm>
      }
    >
      {group.client_count === 0 ? (
        <p>Nobody is in this group.</p>
      ) : (
        <>
          <p>
            {count(group.client_count, "client is", "clients are")} in this group. Nobody is removed from the
            practice.
          </p>
          <SelectField label="Move them to" value={moveTo} onChange={(e) => setMoveTo(e.target.value)}>
            <option value="">No group</option>
            {others.map((g) => (
              <option key={g.id} value={g.id}>
                {g.name}
              </option>
            ))}
          </SelectField>
        </>
      )}
      <Problem error={remove.error} />
    </Dialog>
  );
}
