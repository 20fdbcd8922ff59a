import type { SwitchName } from "../../api/access.ts";
import type { SwitchAccess } from "../../api/types.ts";
import { dayKey } from "../../lib/time.ts";
import { TextField } from "../../ui/Field.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { Ladder } from "./Ladder.tsx";
import { decide, type Edit, longestReason } from "./panel.ts";
import styles from "./Panel.module.css";
import { isPast, untilHint } from "./until.ts";
import { switchLabels } from "./words.ts";

interface BlockProps {
  name: SwitchName;
  access: SwitchAccess;
  edit: Edit;
  who: string;
  groupName: string | null;
  added: string;
  readOnly: boolean;
  turn(on: boolean): void;
  change(next: Edit): void;
  follow(): void;
}

const help: Record<SwitchName, (who: string) => string> = {
  direct: (who) => `${who} and the care team can write to each other one to one.`,
  community: (who) => `${who} can read and post in the community chats they belong to.`,
};

/** One switch of a client: the switch, where its value comes from, why and until when. */
export function SwitchBlock({
  name,
  access,
  edit,
  who,
  groupName,
  added,
  readOnly,
  turn,
  change,
  follow,
}: BlockProps) {
  return (
    <section aria-label={switchLabels[name]}>
      <SwitchSetting
        label={switchLabels[name]}
        help={help[name](who)}
        on={decide(access, edit.own).on}
        disabled={readOnly}
        onChange={turn}
      />
      <Ladder
        access={access}
        edit={edit}
        who={who}
        groupName={groupName}
        added={added}
        follow={readOnly ? undefined : follow}
      />
      {edit.own !== "unset" && <Terms edit={edit} readOnly={readOnly} change={change} />}
    </section>
  );
}

/** Why and until when; only a client's own value has them. */
function Terms({ edit, readOnly, change }: { edit: Edit; readOnly: boolean; change(next: Edit): void }) {
  const over = Array.from(edit.reason).length > longestReason;
  return (
    <fieldset className={styles["fields"]} disabled={readOnly}>
      <legend className="sr">Why and until when</legend>
      <TextField
        label="Reason (staff only)"
        autoComplete="off"
        error={over ? `At most ${longestReason} characters.` : undefined}
        value={edit.reason}
        onChange={(e) => change({ ...edit, reason: e.target.value })}
      />
      <TextField
        label="Until"
        type="date"
        min={dayKey(new Date())}
        hint={untilHint(edit.until)}
        error={isPast(edit.until) ? "Choose a day that is not over." : undefined}
        value={edit.until}
        onChange={(e) => change({ ...edit, until: e.target.value })}
      />
    </fieldset>
  );
}
