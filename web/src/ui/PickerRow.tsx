import { ListBoxItem } from "react-aria-components";
import type { Recipient } from "../api/recipients.ts";
import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";
import { Name } from "./Name.tsx";
import styles from "./Picker.module.css";
import { Unavailable } from "./Unavailable.tsx";

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
