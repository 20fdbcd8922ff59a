import { lazy, Suspense, useRef, useState } from "react";
import { type SwitchName } from "../../api/access.ts";
import type { AccessFilter } from "../../api/types.ts";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Access.module.css";
import type { Bulk } from "./bulk.ts";
import type { Total } from "../../lib/total.ts";
import { switchWords } from "./words.ts";

const Menu = lazy(async () => ({ default: (await import("../../ui/Menu.tsx")).Menu }));

interface BulkBarProps {
  count: Total;
  /** How many fit the filter, where more do than can be chosen in the table; else null. */
  rest: Total | null;
  /** Everyone who fits. */
  all: AccessFilter;
  selectAll(fits: AccessFilter): void;
  clear(): void;
  /** `always`: own settings are what is changed, so that nobody is spared for having one. */
  change(what: Pick<Bulk, "direct" | "community">, always: boolean): void;
  /** The other kind of change: how they are told. */
  notifications(): void;
}

/** What can be done with those who are chosen, the number first. */
export function BulkBar({ count, rest, all, selectAll, clear, change, notifications }: BulkBarProps) {
  return (
    <div className={styles["bulk"]} data-bulk role="region" aria-label="Change the selected clients">
      <span role="status">
        <b>{count.more ? "All that match" : count.count.toLocaleString("en-US")} selected</b>
        <button type="button" className="link" onClick={clear}>
          Clear
        </button>
        {rest && (
          <button type="button" className="link" onClick={() => selectAll(all)}>
            Select all {rest.more ? "" : `${rest.count.toLocaleString("en-US")} `}that match
          </button>
        )}
      </span>
      <Choose name="direct" change={change} />
      <Choose name="community" change={change} />
      <Button onClick={() => change({ direct: "unset", community: "unset" }, true)}>
        Remove own settings
      </Button>
      <Button aria-haspopup="dialog" onClick={notifications}>
        Notifications…
      </Button>
    </div>
  );
}

function Choose({ name, change }: { name: SwitchName } & Pick<BulkBarProps, "change">) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={button} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {switchWords[name]}
        <Icon name="chevron-down" size={16} />
      </Button>
      {open && (
        <Suspense>
          <Menu
            label={switchWords[name]}
            trigger={button}
            placement="top end"
            close={() => setOpen(false)}
            entries={[
              [
                {
                  id: "on",
                  label: "Turn on",
                  icon: "message-circle",
                  act: () => change({ [name]: "on" }, false),
                },
                {
                  id: "off",
                  label: "Turn off",
                  icon: "message-circle-off",
                  act: () => change({ [name]: "off" }, false),
                },
              ],
              [
                {
                  id: "unset",
                  label: "Follow the group or default",
                  icon: "users-round",
                  act: () => change({ [name]: "unset" }, true),
                },
              ],
            ]}
          />
        </Suspense>
      )}
    </>
  );
}
