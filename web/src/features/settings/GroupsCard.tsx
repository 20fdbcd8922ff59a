import { type FormEvent, lazy, Suspense, useState } from "react";
import { useGroups } from "../../api/directory.ts";
import type { Group } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./GroupsCard.module.css";
import { useAddGroup } from "./queries.ts";

const RenameGroup = lazy(async () => ({ default: (await import("./GroupDialogs.tsx")).RenameGroup }));
const DeleteGroup = lazy(async () => ({ default: (await import("./GroupDialogs.tsx")).DeleteGroup }));

/** Client groups: a client has at most one. */
export function GroupsCard() {
  const groups = useGroups();
  const [open, setOpen] = useState<{ what: "rename" | "delete"; group: Group } | null>(null);
  const close = () => setOpen(null);
  return (
    <Card title="Client groups" lede="A client is in one group or in none.">
      {groups.isPending ? (
        <ListSkeleton rows={3} label="Loading groups" />
      ) : groups.isError && !groups.data ? (
        <Failed what="the groups" error={groups.error} retry={() => void groups.refetch()} />
      ) : groups.data.length === 0 ? (
        <p className="muted">No groups yet.</p>
      ) : (
        <ul className={styles["list"]} aria-label="Client groups">
          {groups.data.map((g) => (
            <li key={g.id}>
              <span>
                <Link href={`/clients?group=${g.id}`}>{g.name}</Link>
                <small>{count(g.client_count, "client")}</small>
              </span>
              <IconButton
                label={`Rename ${g.name}`}
                icon="pencil"
                onClick={() => setOpen({ what: "rename", group: g })}
              />
              <IconButton
                label={`Delete ${g.name}`}
                icon="trash"
                onClick={() => setOpen({ what: "delete", group: g })}
              />
            </li>
          ))}
        </ul>
      )}
      <AddGroup />
      <Suspense>
        {open?.what === "rename" && <RenameGroup group={open.group} close={close} />}
        {open?.what === "delete" && (
          <DeleteGroup group={open.group} groups={groups.data ?? []} close={close} />
        )}
      </Suspense>
    </Card>
  );
}

function AddGroup() {
  const [name, setName] = useState("");
  const add = useAddGroup();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    add.mutate(name.trim(), {
      onSuccess: () => {
        setName("");
        say("Group added.");
      },
    });
  };
  return (
    <>
      <form className={styles["add"]} onSubmit={submit}>
        <TextField
          label="New group"
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <Button type="submit" icon="plus" disabled={name.trim() === "" || add.isPending}>
          Add group
        </Button>
      </form>
      <Problem error={add.error} />
    </>
  );
}
