import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import type { Member } from "../../api/types.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { cx } from "../../ui/cx.ts";
import styles from "./Composer.module.css";
import { compose, composing, composingIn } from "./composing.ts";
import { candidates, mentionable, mentionAt } from "./mentions.ts";
import type { ComposerPorts } from "./slots/composer.ts";

interface ListProps {
  id: string;
  people: readonly Member[];
  active: number;
  choose(member: Member): void;
}

/** Whom the letters after "@" may mean; the field keeps the focus. */
export function MentionList({ id, people, active, choose }: ListProps) {
  if (people.length === 0) return null;
  return (
    <ul id={id} className={styles["mentions"]} role="listbox" aria-label="People to mention">
      {people.map((m, i) => (
        <li
          key={m.user_id}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === active}
          className={cx(i === active && styles["active"])}
          onPointerDown={(event) => {
            event.preventDefault();
            choose(m);
          }}
        >
          <Avatar name={m.name} size={24} />
          <b className="clip">{m.name}</b>
          <small>{m.kind === "client" ? "Client" : (m.title ?? "Care team")}</small>
        </li>
      ))}
    </ul>
  );
}

/** Follows the cursor: which people are offered, and what the keys do meanwhile. */
export function useMentions(
  ports: ComposerPorts,
  meId: string,
  field: RefObject<HTMLTextAreaElement | null>,
) {
  const id = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const c = ports.conversation;
  const word = cursor !== null && mentionable(c) ? mentionAt(ports.text, cursor) : null;
  const people = word ? candidates(c.members, meId, word.typed) : [];
  // A name that stands there whole needs no list.
  const open = people.length > 0 && !(people.length === 1 && people[0]?.name === word?.typed);
  const at = Math.min(active, people.length - 1);

  const choose = (member: Member) => {
    if (!word || cursor === null) return;
    const before = ports.text.slice(0, word.start);
    const after = ports.text.slice(cursor);
    const put = `@${member.name}${after.startsWith(" ") ? "" : " "}`;
    const { picked } = composingIn(composing.get(), c.id);
    compose(c.id, { picked: { ...picked, [member.name]: member.user_id } });
    ports.setText(before + put + after);
    setCursor(null);
    const to = before.length + put.length;
    requestAnimationFrame(() => field.current?.setSelectionRange(to, to));
  };
  const key = (event: KeyboardEvent): boolean => {
    if (!open || event.metaKey || event.ctrlKey || event.altKey) return false;
    const member = people[at];
    if (event.key === "ArrowDown") setActive((at + 1) % people.length);
    else if (event.key === "ArrowUp") setActive((at - 1 + people.length) % people.length);
    else if ((event.key === "Enter" || event.key === "Tab") && member) choose(member);
    else if (event.key === "Escape") setCursor(null);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const field_ = open
    ? { "aria-autocomplete": "list" as const, "aria-controls": id, "aria-activedescendant": `${id}-${at}` }
    : {};
  return {
    list: { id, people: open ? people : [], active: at, choose },
    field: field_,
    key,
    close: () => setCursor(null),
    /** The cursor moved or the text changed. */
    moved(el: HTMLTextAreaElement) {
      if (el.selectionStart === cursor) return;
      setActive(0);
      setCursor(el.selectionStart === el.selectionEnd ? el.selectionStart : null);
    },
  };
}
