import { type RefObject, useState } from "react";
import { Heading } from "react-aria-components";
import type { Staff } from "../../api/types.ts";
import { Check, Search } from "../../ui/Field.tsx";
import { PopoverCard } from "../../ui/PopoverCard.tsx";
import styles from "./Compose.module.css";

// Import this file only lazily: it brings react-aria.

/** The server takes no more. */
const most = 5;

interface StaffProps {
  trigger: RefObject<HTMLElement | null>;
  staff: readonly Staff[];
  chosen: readonly string[];
  set(ids: string[]): void;
  close(): void;
}

/** Colleagues who get the replies too. */
export function StaffPopover({ trigger, staff, chosen, set, close }: StaffProps) {
  const [q, setQ] = useState("");
  const words = q.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
  const fits = staff.filter((s) => words.every((w) => s.name.toLocaleLowerCase("en-US").includes(w)));
  return (
    <PopoverCard trigger={trigger} placement="bottom start" className={styles["popoverBody"]} close={close}>
      <Heading slot="title">Replies go to you, and to</Heading>
      {staff.length > 8 && (
        <Search label="Find a colleague" placeholder="Find a colleague" value={q} onChange={setQ} />
      )}
      <div role="group" aria-label="Colleagues">
        {fits.map((s) => (
          <Check
            key={s.id}
            label={s.name}
            hint={s.title ?? undefined}
            checked={chosen.includes(s.id)}
            disabled={chosen.length >= most && !chosen.includes(s.id)}
            onChange={(e) => set(e.target.checked ? [...chosen, s.id] : chosen.filter((id) => id !== s.id))}
          />
        ))}
        {fits.length === 0 && <p className="muted">Nobody found.</p>}
      </div>
      <p className={styles["note"]}>Up to {most} colleagues. They are in every thread of this blast.</p>
    </PopoverCard>
  );
}
