import { type FormEvent, lazy, Suspense, useRef, useState } from "react";
import { useGroups } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import type { Group } from "../../api/types.ts";
import { Link, navigate } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import type { MenuEntry } from "../../ui/Menu.tsx";
import { Card } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Loaded, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./GroupsCard.module.css";
import { useAddGroup } from "./queries.ts";

const Menu = lazy(async () => ({ default: (await import("../../ui/Menu.tsx")).Menu }));
const RenameGroup = lazy(async () => ({ default: (await import("./GroupDialogs.tsx")).RenameGroup }));
const DeleteGroup = lazy(async () => ({ default: (await import("./GroupDialogs.tsx")).DeleteGroup }));

type Asked = { what: "rename" | "delete"; group: Group };

/** Client groups: a client has at most one, and its setting decides for members without their own. */
export function GroupsCard() {
  const me = useMe();
  const groups = useGroups();
  const [open, setOpen] = useState<Asked | null>(null);
  const close = () => setOpen(null);
  return (
    <Card title="Groups" lede="A client is in one group or in none.">
      <Loaded query={groups} what="the groups">
        {(all) =>
          all.length === 0 ? (
            <p className="muted">No groups yet.</p>
          ) : (
            <GroupTable groups={all} ask={setOpen} />
          )
        }
      </Loaded>
      {can(me, "manage_clients") && <AddGroup />}
      <Suspense>
        {open?.what === "rename" && <RenameGroup group={open.group} close={close} />}
        {open?.what === "delete" && (
          <DeleteGroup group={open.group} groups={groups.data ?? []} close={close} />
        )}
      </Suspense>
    </Card>
  );
}

interface TableProps {
  groups: readonly Group[];
  ask(what: Asked): void;
}

const words = { unset: "Not set", on: "On", off: "Off" } as const;

function GroupTable({ groups, ask }: TableProps) {
  return (
    <table className={`${page["table"]} ${styles["groups"]}`}>
      <thead>
        <tr>
          <th>Group</th>
          <th>Members</th>
          <th>Direct Messaging</th>
          <th>Community Chat</th>
          <th>
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((g) => (
          <tr key={g.id}>
            <td>
              <span className={styles["name"]}>
                <Avatar name={g.name} seed={g.id} kind="community" size={34} />
                <Link href={`/clients?group=${g.id}`}>{g.name}</Link>
              </span>
            </td>
            <td data-label="Members">{count(g.client_count, "client")}</td>
            <td data-label="Direct Messaging">{words[g.chat_access.direct]}</td>
            <td data-label="Community Chat">{words[g.chat_access.community]}</td>
            <td>
              <Actions group={g} ask={ask} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions({ group, ask }: { group: Group; ask: TableProps["ask"] }) {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const settings: MenuEntry = {
    id: "settings",
    label: "Edit Settings",
    icon: "settings",
    act: () => navigate(`/clients/groups/${group.id}/chat-settings`),
  };
  const keeping: MenuEntry[] = [
    { id: "rename", label: "Rename", icon: "pencil", act: () => ask({ what: "rename", group }) },
    { id: "delete", label: "Delete", icon: "trash", danger: true, act: () => ask({ what: "delete", group }) },
  ];
  const entries = [
    ...(can(me, "manage_chat_access") ? [[settings]] : []),
    ...(can(me, "manage_clients") ? [keeping] : []),
  ];
  if (entries.length === 0) return null;
  return (
    <>
      <Button
        ref={button}
        size="small"
        aria-label={`Actions for ${group.name}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Actions
        <Icon name="chevron-down" size={14} />
      </Button>
      {open && (
        <Suspense>
          <Menu
            label={`Actions for ${group.name}`}
            trigger={button}
            close={() => setOpen(false)}
            entries={entries}
          />
        </Suspense>
      )}
    </>
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
