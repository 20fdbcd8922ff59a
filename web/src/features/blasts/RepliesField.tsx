import { lazy, Suspense, useRef, useState } from "react";
import { useStaff } from "../../api/directory.ts";
import { useMe } from "../../api/session.ts";
import { listed } from "../../lib/text.ts";
import styles from "./Compose.module.css";

const StaffPopover = lazy(async () => ({ default: (await import("./StaffPopover.tsx")).StaffPopover }));

interface RepliesProps {
  chosen: readonly string[];
  set(ids: string[]): void;
  /** On whose behalf it is: they are in it anyway. */
  besides: string;
}

/** Who of staff reads the answers: oneself, and colleagues if one likes. */
export function RepliesField({ chosen, set, besides }: RepliesProps) {
  const me = useMe();
  const { data } = useStaff();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const others = (data ?? []).filter((s) => s.id !== me.user.id && s.id !== besides && s.active !== false);
  const named = (data ?? []).filter(
    (s) => s.id === besides || (chosen.includes(s.id) && s.id !== me.user.id),
  );
  const words = listed(["Me", ...named.map((s) => s.name)]);
  return (
    <div className={styles["field"]}>
      <span className={styles["label"]} id="replies-label">
        Replies go to
      </span>
      <button
        ref={button}
        type="button"
        className={styles["select"]}
        aria-labelledby="replies-label replies-value"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span id="replies-value" className="clip">
          {words}
        </span>
      </button>
      {open && (
        <Suspense>
          <StaffPopover
            trigger={button}
            staff={others}
            chosen={chosen}
            set={set}
            close={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
