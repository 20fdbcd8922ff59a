import type { ReactNode } from "react";
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
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./NewConversation.module.css";
import type { Recipient } from "./recipients.ts";

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

/** A field with chips above the people who fit; those who can not be written to stay, struck. */
export function Picker({ people, loading, text, setText, chosen, choose, children }: PickerProps) {
  const toggle = (keys: Set<string>) => {
    const kept = chosen.filter((r) => keys.has(r.id) || !people.some((p) => p.id === r.id));
    const added = people.filter(
      (p) => keys.has(p.id) && selectable(p, chosen) && !chosen.some((r) => r.id === p.id),
    );
    choose([...kept, ...added]);
  };
  const section = (kind: Recipient["kind"]) => people.filter((p) => p.kind === kind);
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField aria-label="Add people" autoFocus className={styles["to"] ?? ""}>
        <span className="muted">To</span>
        {chosen.map((r) => (
          <span key={r.id} className={styles["chip"]}>
            <Avatar name={r.name} size={22} />
            {r.name}
            <button
              type="button"
              aria-label={`Remove ${r.name}`}
              onClick={() => choose(chosen.filter((c) => c.id !== r.id))}
            >
              <Icon name="x" size={14} />
            </button>
          </span>
        ))}
        <Input placeholder={chosen.length === 0 ? "Type a name" : ""} maxLength={200} />
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
        {(["client", "staff"] as const)
          .filter((kind) => section(kind).length > 0)
          .map((kind) => (
            <ListBoxSection key={kind} id={kind}>
              <Header className={styles["heading"]}>{kind === "client" ? "Clients" : "Staff"}</Header>
              {section(kind).map((p) => (
                <Pick key={p.id} person={p} available={selectable(p, chosen)} />
              ))}
            </ListBoxSection>
          ))}
      </ListBox>
    </Autocomplete>
  );
}

/** A client whose chat is off stays in the list, struck, and can not be chosen. */
function selectable(p: Recipient, chosen: readonly Recipient[]): boolean {
  const withClients = chosen.some((r) => r.kind === "client" && r.id !== p.id);
  return withClients ? p.community : p.direct;
}

function Pick({ person, available }: { person: Recipient; available: boolean }) {
  return (
    <ListBoxItem
      id={person.id}
      textValue={available ? person.name : `${person.name}, chat unavailable`}
      className={styles["pick"] ?? ""}
    >
      <Avatar name={person.name} off={!available} size={34} />
      <span>
        <b className={cx(!available && "struck")}>{person.name}</b>
        <small>{person.about}</small>
      </span>
      {available ? (
        <span className={styles["box"]}>
          <Icon name="check" size={12} />
        </span>
      ) : (
        <span className={styles["why"]} title={`Chat is unavailable for ${person.name}.`}>
          Chat unavailable
        </span>
      )}
    </ListBoxItem>
  );
}
