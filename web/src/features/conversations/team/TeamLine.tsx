import { lazy, Suspense, useRef, useState } from "react";
import { isClient, useMe } from "../../../api/session.ts";
import type { Conversation, Me, Person } from "../../../api/types.ts";
import { useStore } from "../../../lib/store.ts";
import { listed } from "../../../lib/text.ts";
import { looking } from "../../../live/team.ts";
import { Avatar } from "../../../ui/Avatar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Icon } from "../../../ui/Icon.tsx";
import { assign, mayAssign } from "./assign.ts";
import styles from "./Team.module.css";
import { useViewing } from "./useViewing.ts";

const AssigneeMenu = lazy(async () => ({ default: (await import("./AssigneeMenu.tsx")).AssigneeMenu }));

/** Under the header, for staff: who looks after this conversation, and who else is looking at it. */
export function TeamLine({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const staff = !isClient(me);
  useViewing(c.id, staff);
  const words = useStore(looking, (all) => presenceWords(all[c.id], me.user.id));
  const assignable = c.kind !== "internal" && (mayAssign(c, me) || c.assignee !== null);
  if (!staff || (!assignable && words === "")) return null;
  return (
    <div className={styles["line"]}>
      {assignable && <Assignee conversation={c} me={me} />}
      <p className={styles["presence"]} role="status">
        {words !== "" && (
          <>
            <Icon name="eye" size={14} />
            <span className="clip">{words}</span>
          </>
        )}
      </p>
    </div>
  );
}

/** "Sam Whitehorse is looking at this", "Sam is writing"; "" where one is alone. */
export function presenceWords(
  now: { viewers: readonly Person[]; typing: readonly Person[] } | undefined,
  meId: string,
): string {
  const names = (list: readonly Person[] | undefined) =>
    (list ?? []).filter((p) => p.id !== meId).map((p) => p.name);
  const writing = names(now?.typing);
  const reading = names(now?.viewers).filter((name) => !writing.includes(name));
  const parts = [said(writing, "writing here"), said(reading, "looking at this")];
  return parts.filter(Boolean).join(", ");
}

function said(names: readonly string[], what: string): string {
  if (names.length === 0) return "";
  const who = names.length > 3 ? `${names.length} colleagues` : listed(names);
  return `${who} ${names.length === 1 ? "is" : "are"} ${what}`;
}

function Assignee({ conversation: c, me }: { conversation: Conversation; me: Me }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const own = c.assignee?.id === me.user.id;
  const words = c.assignee
    ? own
      ? "You look after this"
      : `${c.assignee.name} looks after this`
    : "Unassigned";
  const face = c.assignee ? (
    <>
      <Avatar name={c.assignee.name} size={20} />
      <span className="clip">{words}</span>
    </>
  ) : (
    <>
      <Icon name="inbox" size={16} />
      {words}
    </>
  );
  if (!mayAssign(c, me)) return <p className={styles["assignee"]}>{face}</p>;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles["assignee"]}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`${words}. ${c.assignee ? "Hand over" : "Assign"}`}
        onClick={() => setOpen(!open)}
      >
        {face}
        <Icon name="chevron-down" size={14} />
      </button>
      {!c.assignee && (
        <Button size="small" onClick={() => void assign(c, me.user.id, me)}>
          Claim
        </Button>
      )}
      {open && (
        <Suspense>
          <AssigneeMenu conversation={c} me={me} trigger={button} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
