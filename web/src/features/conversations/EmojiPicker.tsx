import { type RefObject, useMemo, useRef, useState } from "react";
import { arrows } from "../../ui/arrows.ts";
import { Search } from "../../ui/Field.tsx";
import { PopoverCard } from "../../ui/PopoverCard.tsx";
import { emojiGroups, findEmoji } from "./emoji.ts";
import styles from "./EmojiPicker.module.css";
import type { Emoji } from "./quickReactions.ts";

// Import this file only lazily: it brings react-aria and the list of emoji.

interface PickerProps {
  trigger: RefObject<HTMLElement | null>;
  close(): void;
  choose(emoji: string): void;
}

const columns = 8;
/** Arrows go from sign to sign, up and down by rows. */
const places = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };

/** A small picker: search by name, arrows move in the grid. */
export function EmojiPicker({ trigger, close, choose }: PickerProps) {
  const [q, setQ] = useState("");
  const found = useMemo(() => (q.trim() ? findEmoji(q) : null), [q]);
  const grid = useRef<HTMLDivElement>(null);
  return (
    <PopoverCard
      trigger={trigger}
      placement="top start"
      label="Choose an emoji"
      className={styles["dialog"]}
      close={close}
    >
      <Search label="Find an emoji" placeholder="Find an emoji" shortcut="" value={q} onChange={setQ} />
      <div ref={grid} className={styles["grid"]} onKeyDown={(e) => arrows(e, grid.current, "button", places)}>
        {found ? (
          <Group title="Found" emoji={found} choose={choose} />
        ) : (
          emojiGroups.map((group) => <Group key={group.title} {...group} choose={choose} />)
        )}
        {found?.length === 0 && <p className="muted">Nothing found. Try another word.</p>}
      </div>
    </PopoverCard>
  );
}

function Group({
  title,
  emoji,
  choose,
}: {
  title: string;
  emoji: readonly Emoji[];
  choose(e: string): void;
}) {
  if (emoji.length === 0) return null;
  return (
    <div role="group" aria-label={title}>
      <p aria-hidden="true">{title}</p>
      {emoji.map(({ sign, name }) => (
        <button key={sign} type="button" aria-label={name} title={name} onClick={() => choose(sign)}>
          {sign}
        </button>
      ))}
    </div>
  );
}
