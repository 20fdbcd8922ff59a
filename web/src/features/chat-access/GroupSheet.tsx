import { type SwitchName, switchNames } from "../../api/access.ts";
import { useGroups } from "../../api/directory.ts";
import type { GroupChatAccess, Notice } from "../../api/types.ts";
import { Link, navigate } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Check } from "../../ui/Field.tsx";
import { ClientNotice } from "../../ui/OffNotice.tsx";
import { SaveAll } from "../../ui/SaveAll.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Empty, Loaded, Problem } from "../../ui/States.tsx";
import { SegmentedSetting } from "../../ui/Switch.tsx";
import { blankNotice, filled } from "./notice.ts";
import { NoticeFields } from "./NoticeFields.tsx";
import { GroupSection } from "./notifications/GroupSection.tsx";
import { NotificationsSection, useGroupForm } from "./notifications/sections.tsx";
import { LastChange, Overtaken } from "./Overtaken.tsx";
import styles from "./Panel.module.css";
import { useGroupAccess, useSaveGroup } from "./queries.ts";
import { untilWords } from "./until.ts";
import { useSettings } from "../../ui/useSettings.tsx";
import { switchLabels } from "./words.ts";

/** Groups > Actions > Edit Settings: what decides for members without a setting of their own. */
export function GroupSheet({ params }: { params: Record<string, string> }) {
  const id = params["id"] ?? "";
  const access = useGroupAccess(id);
  const { data: groups } = useGroups();
  const name = groups?.find((g) => g.id === id)?.name ?? "";
  const close = () => navigate("/clients/groups");
  if (access.data) return <Settings key={id} id={id} name={name} latest={access.data} close={close} />;
  return (
    <Sheet title="Chat Settings" about={name} close={close}>
      <Loaded
        query={access}
        what="these settings"
        rows={4}
        hidden={
          <Empty small title="These settings aren’t yours to see">
            A group’s settings need the permissions to manage chat access and to see every client.
          </Empty>
        }
      >
        {() => null}
      </Loaded>
    </Sheet>
  );
}

interface SettingsProps {
  id: string;
  name: string;
  latest: GroupChatAccess;
  close(): void;
}

function Settings({ id, name, latest, close }: SettingsProps) {
  const form = useSettings(latest, useSaveGroup(id));
  const notifications = useGroupForm(id);
  const { base, now } = form;
  return (
    <Sheet
      title="Chat Settings"
      about={`${name}, ${count(base.members, "member")}`}
      picture={<Avatar name={name} seed={id} kind="community" size={36} />}
      close={close}
      footer={<SaveAll savers={[form.saver, notifications.form.saver]} close={close} />}
    >
      <div className={styles["stack"]}>
        <Overtaken form={form} />
        {switchNames.map((n) => (
          <GroupSwitch
            key={n}
            id={id}
            name={n}
            base={base}
            value={now[n]}
            choose={(value) => form.set({ [n]: value })}
          />
        ))}
        <GroupNotice notice={now.notice ?? null} set={(notice) => form.set({ notice })} />
        <Problem error={form.problem} />
        <hr />
        <NotificationsSection of={notifications}>
          <GroupSection form={notifications.form} />
        </NotificationsSection>
      </div>
    </Sheet>
  );
}

const help: Record<SwitchName, string> = {
  direct:
    "Members and their care team can write to each other one to one. “Not set” leaves them on their default.",
  community:
    "Members can read and post in the community chats they belong to. “Not set” leaves them on their default.",
};

const options = [
  { value: "unset", label: "Not set" },
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
] as const;

interface SwitchProps {
  id: string;
  name: SwitchName;
  base: GroupChatAccess;
  value: GroupChatAccess["direct"];
  choose(value: GroupChatAccess["direct"]): void;
}

function GroupSwitch({ id, name, base, value, choose }: SwitchProps) {
  const own = name === "direct" ? base.own_direct : base.own_community;
  const following = Math.max(0, base.members - own);
  const changed = base[`${name}_changed`];
  const has = `${own.toLocaleString("en-US")} ${own === 1 ? "has" : "have"} their own setting`;
  const share = base.members === 0 ? 0 : (following / base.members) * 100;
  return (
    <section aria-label={switchLabels[name]}>
      <SegmentedSetting
        label={switchLabels[name]}
        help={help[name]}
        value={value}
        options={options}
        onChange={choose}
      />
      <div className={styles["bar"]} aria-hidden="true">
        <i style={{ width: `${share}%` }} />
        {own > 0 && <i />}
      </div>
      <p className={styles["spread"]}>
        <span>
          <b>{following.toLocaleString("en-US")}</b> follow this group
        </span>
        {own > 0 ? (
          <Link className="link" href={`/access?group=${id}&source=client`}>
            {has}
          </Link>
        ) : (
          <span>Nobody has their own setting</span>
        )}
      </p>
      {value !== base[name] ? (
        <p className={`${styles["changed"]} ${styles["unsaved"]}`}>
          Not saved. Members without their own setting follow at once.
        </p>
      ) : (
        <LastChange changed={changed} more={changed ? terms(changed) : ""} />
      )}
      <hr />
    </section>
  );
}

/** Until when and why, after who changed it. */
function terms({ until, reason }: NonNullable<GroupChatAccess["direct_changed"]>): string {
  return `${until ? `, until ${untilWords(until)}` : ""}${reason ? `. “${reason}”` : ""}`;
}

/** Stands in the preview for what the group leaves to the practice. */
const practices: Notice = {
  ...blankNotice,
  title: "Messaging is turned off",
  body: "Here the practice’s own text is shown.",
};

interface GroupNoticeProps {
  notice: Notice | null;
  set(notice: Notice | null): void;
}

/** A group may say it in its own words; without, the practice's notice is shown. */
function GroupNotice({ notice, set }: GroupNoticeProps) {
  return (
    <section className={styles["stack"]} aria-label="Notice">
      <h3 style={{ margin: 0 }}>Notice</h3>
      <Check
        label="This group has its own notice"
        hint="What members read where chat is off. An empty field, or none, means the practice’s."
        checked={notice !== null}
        onChange={(e) => set(e.target.checked ? blankNotice : null)}
      />
      {notice && (
        <>
          <NoticeFields notice={notice} set={(patch) => set({ ...notice, ...patch })} />
          <ClientNotice notice={filled(notice, practices)} preview />
        </>
      )}
    </section>
  );
}
