import { lazy, Suspense, useState } from "react";
import { useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import type { Staff } from "../../api/types.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { listTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Check } from "../../ui/Field.tsx";
import { Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Loaded } from "../../ui/States.tsx";
import { roleLabel } from "./permissions.ts";
import styles from "./Team.module.css";

const StaffDialog = lazy(async () => ({ default: (await import("./StaffDialog.tsx")).StaffDialog }));

/** Everyone on staff, and who may do what. */
export function TeamPage() {
  const me = useMe();
  const staff = useStaff();
  const mayManage = can(me, "manage_team");
  const [former, setFormer] = useState(false);
  const editing = useParam("staff");
  const list = [...(staff.data ?? [])].sort((a, b) => a.name.localeCompare(b.name, "en-US"));
  const active = list.filter((s) => s.active !== false);
  const shown = former ? list : active;
  const edited = list.find((s) => s.id === editing) ?? null;
  return (
    <Page
      title="Team"
      lede={staff.data ? `${count(active.length, "person", "people")} on staff.` : "\u00a0"}
      actions={
        mayManage && (
          <Button
            look="primary"
            icon="user-plus"
            onClick={() => setParams({ staff: "new" }, { replace: false })}
          >
            Add staff
          </Button>
        )
      }
    >
      {list.length > active.length && (
        <div style={{ marginBottom: 14 }}>
          <Check
            label="Show deactivated staff"
            checked={former}
            onChange={(e) => setFormer(e.target.checked)}
          />
        </div>
      )}
      <section className={page["card"]} aria-label="Staff">
        <Loaded query={staff} what="the team" rows={8}>
          {() => <StaffTable staff={shown} mayManage={mayManage} meId={me.user.id} />}
        </Loaded>
      </section>
      {mayManage && (editing === "new" || edited) && (
        <Suspense>
          <StaffDialog key={editing} staff={edited} close={() => setParams({ staff: "" })} />
        </Suspense>
      )}
    </Page>
  );
}

interface TableProps {
  staff: readonly Staff[];
  mayManage: boolean;
  meId: string;
}

function StaffTable({ staff, mayManage, meId }: TableProps) {
  return (
    <table className={page["table"]}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Clients may start</th>
          <th scope="col">Last seen</th>
          <th scope="col">Account</th>
          {mayManage && (
            <th scope="col">
              <span className="sr">Change</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {staff.map((s) => (
          <tr key={s.id} className={styles["row"]}>
            <td>
              <div className={page["who"]}>
                <Avatar name={s.name} size={36} off={s.active === false} />
                <div>
                  <b>
                    {s.name}
                    {s.id === meId && " (you)"}
                  </b>
                  <small>{[s.title, s.email].filter(Boolean).join(" · ")}</small>
                </div>
              </div>
            </td>
            <td>{roleLabel(s.role)}</td>
            <td>{s.clients_may_start ? "Yes" : "No"}</td>
            <td className="muted">{s.last_seen_at ? listTime(s.last_seen_at) : "Not yet"}</td>
            <td>
              <StateTag staff={s} />
            </td>
            {mayManage && (
              <td>
                <Button
                  size="small"
                  icon="pencil"
                  aria-label={`Edit ${s.name}`}
                  onClick={() => setParams({ staff: s.id }, { replace: false })}
                >
                  Edit
                </Button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StateTag({ staff: s }: { staff: Staff }) {
  if (s.active === false) return <Tag>Deactivated</Tag>;
  if (s.invited === "joined") return <Tag tone="pine">Joined</Tag>;
  return s.invited === "invited" ? <Tag tone="info">Invited</Tag> : <Tag tone="amber">Not invited</Tag>;
}
