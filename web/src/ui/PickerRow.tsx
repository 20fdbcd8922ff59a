import { ListBoxItem } from "react-aria-components";
import type { Recipient } from "../api/recipients.ts";
import { Avatar } from "./Avatar.tsx";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { Name } from "./Name.tsx";
import styles from "./Picker.module.css";
import { Unavailable } from "./Unavailable.tsx";

interface ChipProps {
  recipient: Recipient;
  out?: boolean;
  remove: string;
  act(): void;
}

const signs: Partial<Record<Recipient["kind"], IconName>> = {
  group: "users-round",
  all: "users-round",
  filter: "list-filter",
  list: "file-text",
};

/** Someone who is chosen, or taken out again. */
export function Chip({ recipient: r, out, remove, act }: ChipProps) {
  const sign = signs[r.kind];
  return (
    <span className={cx(styles["chip"], out && styles["out"])}>
      {sign ? <Icon name={sign} size={16} /> : <Avatar name={r.name} size={22} off={out ?? false} />}
      {out
        ? `Without ${r.name}`
        : r.size === undefined
          ? r.name
          : `${r.name} · ${r.size.toLocaleString("en-US")}`}
      <button type="button" aria-label={remove} onClick={act}>
        <Icon name="x" size={14} />
      </button>
    </span>
  );
}

interface PickProps {
  person: Recipient;
  available: boolean;
  community: boolean;
}

/** One line of the list of people. */
export function Pick({ person, available, community }: PickProps) {
  if (!available) return <Struck person={person} community={community} />;
  const one = person.kind === "client" || person.kind === "staff";
  return (
    <ListBoxItem id={person.id} textValue={person.name} className={styles["pick"] ?? ""}>
      <Avatar name={person.name} size={34} kind={one ? "person" : "community"} />
      <span>
        <b>{person.name}</b>
        <small>{person.about}</small>
      </span>
      <span className={styles["box"]}>
        <Icon name="check" size={12} />
      </span>
    </ListBoxItem>
  );
}

/** Stays in the list and can be looked at, but not chosen. */
function Struck({ person, community }: { person: Recipient; community: boolean }) {
  return (
    <ListBoxItem
      id={person.id}
      textValue={`${person.name}, chat unavailable`}
      className={styles["pick"] ?? ""}
    >
      {({ isHovered, isFocused }) => (
        <>
          <Avatar name={person.name} off size={34} />
          <span>
            <b>
              <Name name={person.name} off />
            </b>
            <Unavailable person={person} community={community} asked={isHovered || isFocused} />
          </span>
          <span className={styles["why"]}>Chat unavailable</span>
        </>
      )}
    </ListBoxItem>
  );
}
