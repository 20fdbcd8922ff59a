import type { SwitchAccess } from "../../api/types.ts";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { placeIcons } from "../../ui/Source.tsx";
import { type Edit, endOf, ladder, type Rung } from "./panel.ts";
import styles from "./Panel.module.css";
import { untilWords } from "./until.ts";
import { settingWord } from "./words.ts";

interface LadderProps {
  access: SwitchAccess;
  edit: Edit;
  /** How the client is called here. */
  who: string;
  groupName: string | null;
  /** When the client was added, e.g. "Mar 4, 2025"; "" while that is not known. */
  added: string;
  /** Removes the client's own value; missing where it cannot be changed. */
  follow?: (() => void) | undefined;
}

/** Where a switch's value comes from: client, group, default; the first that is set wins. */
export function Ladder({ access, edit, who, groupName, added, follow }: LadderProps) {
  const end = endOf(edit, access);
  const words = {
    client:
      edit.own === "unset"
        ? `Not set for ${who}`
        : `Set for ${who}${end ? `, until ${untilWords(end)}` : ""}`,
    group: groupName ? `Group: ${groupName}` : "No group",
    default: added ? `Default when added, ${added}` : "Default when added",
  };
  return (
    <ol className={styles["ladder"]} aria-label="Where this value comes from">
      {ladder(access, edit.own).map((rung) => (
        <li key={rung.place} className={cx(rung.state && styles["wins"])}>
          <Icon name={placeIcons[rung.place]} size={16} />
          <span>
            {rung.state ? <b>{words[rung.place]}</b> : words[rung.place]}
            <Effect state={rung.state} />
          </span>
          <span className={styles["ends"]}>
            {rung.place === "client" && edit.own !== "unset" && follow && (
              <button type="button" className="link" onClick={follow}>
                {access.group === "unset" ? "Use the default" : "Follow the group"}
              </button>
            )}
            <span className={styles["value"]}>{settingWord(rung.value)}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Effect({ state }: { state: Rung["state"] }) {
  if (state === "") return null;
  return (
    <span className={cx(styles["effect"], state === "once_saved" && styles["pending"])}>
      {state === "in_effect" ? "In effect" : "Once you save"}
    </span>
  );
}
