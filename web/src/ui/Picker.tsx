import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import { Autocomplete, Header, Input, ListBox, ListBoxSection, SearchField } from "react-aria-components";
import type { Recipient } from "../api/recipients.ts";
import styles from "./Picker.module.css";
import { Chip, Pick } from "./PickerRow.tsx";

// Import this file only lazily: it brings react-aria.

interface PickerProps {
  people: readonly Recipient[];
  loading: boolean;
  text: string;
  setText(text: string): void;
  chosen: readonly Recipient[];
  choose(next: readonly Recipient[]): void;
  /** Whether someone can be picked; without it, those who fit with what is chosen. */
  available?: (p: Recipient) => boolean;
  /** Whether it would be a community chat that they cannot be in; to say why. */
  community?: boolean;
  /** Clients who are in by a group and the like, and who of them is taken out again. */
  sets?: Sets;
  /** The list lies over what follows, and is there only while one chooses. */
  floating?: boolean;
  label?: string;
  placeholder?: string;
  /** Between the field and the list. */
  children?: ReactNode;
}

interface Sets {
  within(p: Recipient): boolean;
  without: readonly Recipient[];
  leaveOut(p: Recipient): void;
  putBack(id: string): void;
}

type Kind = "many" | "client" | "staff";
const headings: Record<Kind, string> = { many: "Groups", client: "Clients", staff: "Staff" };
const kindOf = ({ kind }: Recipient): Kind => (kind === "client" || kind === "staff" ? kind : "many");

/** A field with chips above the people who fit; those who can not be written to stay, struck. */
export function Picker(props: PickerProps) {
  const { people, text, setText, chosen, choose, sets, floating, children } = props;
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const can = props.available ?? ((p: Recipient) => selectable(p, chosen));
  const isOut = (p: Recipient) => sets?.without.some((w) => w.id === p.id) ?? false;
  const isOn = (p: Recipient) =>
    chosen.some((r) => r.id === p.id) || ((sets?.within(p) ?? false) && !isOut(p));
  const toggle = (p: Recipient) => {
    if (chosen.some((r) => r.id === p.id)) choose(chosen.filter((r) => r.id !== p.id));
    else if (!can(p)) return;
    else if (isOut(p)) sets?.putBack(p.id);
    else if (sets?.within(p)) sets.leaveOut(p);
    else choose([...chosen, p]);
  };
  const type = (next: string) => {
    setText(next);
    if (next !== "") setOpen(true);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const pointing = event.currentTarget.getAttribute("aria-activedescendant");
    if (event.key === "Backspace" && text === "") choose(chosen.slice(0, -1));
    else if (event.key === "Enter" && text.trim() !== "" && !pointing) {
      // The list came after the last key: Enter means its first person.
      event.preventDefault();
      const first = firstFit(people, text, chosen, can);
      if (first) choose([...chosen, first]);
    } else if (event.key === "Enter" && floating && !pointing) event.preventDefault();
    else if (!["Tab", "Escape", "Shift"].includes(event.key)) setOpen(true);
  };
  useLostOption(frame, people);
  // The button that was pressed is gone then.
  const toField = () => {
    setOpen(false);
    frame.current?.querySelector("input")?.focus();
  };
  const leave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return (
    <Autocomplete inputValue={text} onInputChange={type}>
      <div
        ref={frame}
        className={styles["frame"]}
        onBlur={leave}
        onKeyDown={(event) => floating && event.key === "Escape" && setOpen(false)}
      >
        <SearchField
          aria-label={props.label ?? "Add people"}
          autoFocus={!floating}
          className={styles["to"] ?? ""}
        >
          {!floating && <span className="muted">To</span>}
          {chosen.map((r) => (
            <Chip
              key={r.id}
              recipient={r}
              remove={`Remove ${r.name}`}
              act={() => {
                choose(chosen.filter((c) => c.id !== r.id));
                toField();
              }}
            />
          ))}
          {sets?.without.map((r) => (
            <Chip
              key={r.id}
              recipient={r}
              out
              remove={`Put ${r.name} back`}
              act={() => {
                sets.putBack(r.id);
                toField();
              }}
            />
          ))}
          <Input
            placeholder={props.placeholder ?? (chosen.length === 0 ? "Type a name" : "")}
            maxLength={200}
            onKeyDown={onKey}
            onClick={() => setOpen(true)}
          />
        </SearchField>
        {floating && (
          <div className={styles["float"]} role="group" aria-label="Matches" tabIndex={0} hidden={!open}>
            <List {...props} isOn={isOn} can={can} toggle={toggle} />
          </div>
        )}
      </div>
      {children}
      {!floating && <List {...props} isOn={isOn} can={can} toggle={toggle} />}
    </Autocomplete>
  );
}

/**
 * Another list may be without the option that is pointed at, and react-aria notices that only at the next key: the
 * news that the list itself has the focus makes it look again, once the list is there.
 */
function useLostOption(frame: RefObject<HTMLElement | null>, people: readonly Recipient[]): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const field = frame.current?.querySelector("input");
      if (!field || document.activeElement !== field) return;
      const list = document.getElementById(field.getAttribute("aria-controls") ?? "");
      list?.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    });
    return () => clearTimeout(timer);
  }, [frame, people]);
}

interface ListProps extends PickerProps {
  isOn(p: Recipient): boolean;
  can(p: Recipient): boolean;
  toggle(p: Recipient): void;
}

function List({ people, loading, text, chosen, community, isOn, can, toggle }: ListProps) {
  const change = (keys: Set<string>) => {
    for (const p of people) if (keys.has(p.id) !== isOn(p)) toggle(p);
  };
  return (
    <ListBox
      aria-label="People"
      className={styles["listbox"] ?? ""}
      selectionMode="multiple"
      // Else Esc would take everyone out again.
      escapeKeyBehavior="none"
      selectedKeys={people.filter(isOn).map((r) => r.id)}
      onSelectionChange={(keys) => keys !== "all" && change(new Set([...keys].map(String)))}
      renderEmptyState={() => (
        <p className={styles["none"]}>
          {loading ? "Loading…" : `Nothing found for “${text}”. Try a name or fewer words.`}
        </p>
      )}
    >
      {(["many", "client", "staff"] as const)
        .map((kind) => ({ kind, some: people.filter((p) => kindOf(p) === kind) }))
        .filter(({ some }) => some.length > 0)
        .map(({ kind, some }) => (
          <ListBoxSection key={kind} id={kind}>
            <Header className={styles["heading"]}>{headings[kind]}</Header>
            {some.map((p) => (
              <Pick
                key={p.id}
                person={p}
                available={can(p)}
                community={community ?? withClients(p, chosen)}
              />
            ))}
          </ListBoxSection>
        ))}
    </ListBox>
  );
}

/** The first person who can be chosen and whose name has every word typed: a list from before the last key picks nobody. */
export function firstFit(
  people: readonly Recipient[],
  text: string,
  chosen: readonly Recipient[],
  can: (p: Recipient) => boolean = (p) => selectable(p, chosen),
): Recipient | undefined {
  const words = text.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
  return people.find((p) => {
    const name = p.name.toLocaleLowerCase("en-US");
    return words.every((w) => name.includes(w)) && can(p) && !chosen.some((r) => r.id === p.id);
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
