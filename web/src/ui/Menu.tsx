import type { ReactNode, RefObject } from "react";
import {
  Header,
  Menu as AriaMenu,
  MenuItem,
  MenuSection,
  Popover,
  type Placement,
  Separator,
} from "react-aria-components";
import { cx } from "./cx.ts";
import { Kbd } from "./Field.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Menu.module.css";

// Import this file only lazily, like Dialog.tsx.

export interface MenuEntry {
  id: string;
  label: string;
  icon: IconName;
  danger?: boolean;
  /** The key that does the same, shown at the end. */
  hint?: string;
  act(): void;
}

export interface MenuChoice {
  title: string;
  selected: string;
  options: readonly { id: string; label: string; icon: IconName }[];
  choose(id: string): void;
}

interface MenuProps {
  label: string;
  trigger: RefObject<HTMLElement | null>;
  close(): void;
  placement?: Placement;
  head?: ReactNode;
  /** One of several, checked. */
  choice?: MenuChoice;
  /** Groups with a line between them. */
  entries: readonly (readonly MenuEntry[])[];
}

/** A menu that opens at its button. */
export function Menu({ label, trigger, close, placement = "bottom end", head, choice, entries }: MenuProps) {
  return (
    <Popover
      isOpen
      aria-label={label}
      triggerRef={trigger}
      placement={placement}
      offset={6}
      onOpenChange={(open) => !open && close()}
      className={styles["popover"] ?? ""}
    >
      <div className={styles["menu"]}>
        {head && <div className={styles["head"]}>{head}</div>}
        <AriaMenu aria-label={label} autoFocus="first" onClose={close} style={{ outline: 0 }}>
          {choice && <Choice {...choice} />}
          {entries.map((group, i) => (
            <MenuSection key={i} aria-label={group[0]?.label ?? label}>
              {(i > 0 || choice) && <Separator className={styles["line"] ?? ""} />}
              {group.map((entry) => (
                <MenuItem
                  key={entry.id}
                  id={entry.id}
                  textValue={entry.label}
                  onAction={entry.act}
                  className={cx(styles["item"], entry.danger && styles["danger"])}
                >
                  <Icon name={entry.icon} />
                  <span>{entry.label}</span>
                  {entry.hint && <Kbd>{entry.hint}</Kbd>}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </div>
    </Popover>
  );
}

function Choice({ title, selected, options, choose }: MenuChoice) {
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[selected]}
      onSelectionChange={(keys) => choose(String([...keys][0] ?? selected))}
    >
      <Header className={styles["title"]}>{title}</Header>
      {options.map((option) => (
        <MenuItem key={option.id} id={option.id} textValue={option.label} className={styles["item"] ?? ""}>
          <Icon name={option.icon} />
          <span>{option.label}</span>
          {option.id === selected && <Icon name="check" size={16} />}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
