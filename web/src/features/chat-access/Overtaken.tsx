import { switchNames } from "../../api/access.ts";
import type { Person, Setting } from "../../api/types.ts";
import { dateTime } from "../../lib/time.ts";
import { Callout } from "../../ui/States.tsx";
import styles from "./Panel.module.css";
import { settingWord, switchWords } from "./words.ts";

interface Changed {
  by: Person;
  at: string;
}

interface Switches {
  direct: Setting;
  community: Setting;
  direct_changed: Changed | null;
  community_changed: Changed | null;
}

interface OvertakenProps {
  form: { overtaken: boolean; base: Switches };
  /** What it is now, in words; without, both switches. */
  now?: string;
}

/** Somebody saved these settings while there were edits here: theirs first, then one's own. */
export function Overtaken({ form: { overtaken, base }, now }: OvertakenProps) {
  if (!overtaken) return null;
  const changed = [base.direct_changed, base.community_changed];
  const newest = changed.filter((c) => c !== null).sort((a, b) => b.at.localeCompare(a.at))[0];
  const both = switchNames.map((n) => `${switchWords[n]} is ${settingWord(base[n]).toLowerCase()} now.`);
  return (
    <Callout tone="amber" icon="circle-alert" live="alert">
      <b>{newest?.by.name ?? "Someone"} changed this a moment ago.</b> Review that change before you save.{" "}
      {now ?? both.join(" ")}
    </Callout>
  );
}

/** Who changed a switch last; `more` follows where something is to be added. */
export function LastChange({ changed, more }: { changed: Changed | null; more?: string }) {
  if (!changed) return null;
  return (
    <p className={styles["changed"]}>
      Changed {dateTime(changed.at)} by {changed.by.name}
      {more}
    </p>
  );
}
