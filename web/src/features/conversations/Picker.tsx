import type { KeyboardEvent, ReactNode } from "react";
import {
  Autocomplete,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
} from "react-aria-components";
import { Avatar } from "../../ui/Avatar.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Name } from "../../ui/Name.tsx";
import styles from "./NewConversation.module.css";
import type { Recipient } from "./recipients.ts";
import { Unavailable } from "./Unavailable.tsx";

interface PickerProps {
  people: readonly Recipient[];
  loading: boolean;
  text: string;
  setText(text: string): void;
  chosen: readonly Recipient[];
  choose(next: readonly Recipient[]): void;
  /** Between the field and the list. */
  children: ReactNode;
}

const headings = { group: "Groups", client: "Clients", staff: "Staff" };

/** A field with chips above the people who fit; those who can not be written to stay, struck. */
export function Picker({ people, loading, text, setText, chosen, choose, children }: PickerProps) {
  const toggle = (keys: Set<string>) => {
    const kept = chosen.filter((r) => keys.has(r.id) || !people.some((p) => p.id === r.id));
    const added = people.filter(
      (p) => keys.has(p.id) && selectable(p, chosen) && !chosen.some((r) => r.id === p.id),
    );
    choose([...kept, ...added]);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const pointing = event.currentTarget.getAttribute("aria-activedescendant");
    if (event.key === "Backspace" && text === "") choose(chosen.slice(0, -1));
    else if (event.key === "Enter" && text.trim() !== "" && !pointing) {
      // The list came after the last key: Enter means its first person.
      event.preventDefault();
      const first = firstFit(people, text, chosen);
      if (first) choose([...chosen, first]);
    }
  };
  const section = (kind: Recipient["kind"]) => people.filter((p) => p.kind === kind);
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField aria-label="Add people" autoFocus className={styles["to"] ?? ""}>
        <span className="muted">To</span>
        {chosen.map((r) => (
          <span key={r.id} className={styles["chip"]}>
            {r.kind === "group" ? <Icon name="users-round" size={16} /> : <Avatar name={r.name} size={22} />}
            {r.kind === "group" ? `${r.name} · ${r.size ?? 0}` : r.name}
            <button
              type="button"
              aria-label={`Remove ${r.name}`}
              onClick={() => choose(chosen.filter((c) => c.id !== r.id))}
            >
              <Icon name="x" size={14} />
            </button>
          </span>
        ))}
        <Input placeholder={chosen.length === 0 ? "Type a name" : ""} maxLength={200} onKeyDown={onKey} />
      </SearchField>
      {children}
      <ListBox
        aria-label="People"
        className={styles["listbox"] ?? ""}
        selectionMode="multiple"
        selectedKeys={chosen.map((r) => r.id)}
        onSelectionChange={(keys) => keys !== "all" && toggle(new Set([...keys].map(String)))}
        renderEmptyState={() => (
          <p className={styles["none"]}>
            {loading ? "Loading…" : `Nothing found for “${text}”. Try a name or fewer words.`}
          </p>
        )}
      >
        {(["group", "client", "staff"] as const)
          .filter((kind) => section(kind).length > 0)
          .map((kind) => (
            <ListBoxSection key={kind} id={kind}>
              <Header className={styles["heading"]}>{headings[kind]}</Header>
              {section(kind).map((p) => (
                <Pick
                  key={p.id}
                  person={p}
                  available={selectable(p, chosen)}
                  community={withClients(p, chosen)}
                />
              ))}
            </ListBoxSection>
          ))}
      </ListBox>
    </Autocomplete>
  );
}

/** The first person who can be chosen and whose name has every word typed: a list from before the last key picks nobody. */
export function firstFit(
  people: readonly Recipient[],
  text: string,
  chosen: readonly Recipient[],
): Recipient | undefined {
  const words = text.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
  return people.find((p) => {
    const name = p.name.toLocaleLowerCase("en-US");
    return (
      words.every((w) => name.includes(w)) && selectable(p, chosen) && !chosen.some((r) => r.id === p.id)
    );
  });
}

/** A client whose chat is off stays in the list, struck, and can not be chosen. */
function selectable(p: Recipient, chosen: readonly Recipient[]): boolean {
  return withClients(p, chosen) ? p.community : p.direct;
}

/** With another client or a group already chosen it would be a community chat. */
function withClients(p: Recipient, chosen: readonly Recipient[]): boolean {
  return chosen.some((r) => r.kind !== "staff" && r.id !== p.id);
}

interface PickProps {
  person: Recipient;
  available: boolean;
  community: boolean;
}

function Pick({ person, available, community }: PickProps) {
  if (!available) return <Struck person={person} community={community} />;
  return (
    <ListBoxItem id={person.id} textValue={person.name} className={styles["pick"] ?? ""}>
      <Avatar name={person.name} size={34} kind={person.kind === "group" ? "community" : "person"} />
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
