import { lazy, Suspense, useState } from "react";
import type { BlastPreview } from "../../api/types.ts";
import { type Choice, everyone, leaveOut, putBack, repick, within } from "../../api/choice.ts";
import { useGroups } from "../../api/directory.ts";
import { groupRecipient, type Recipient, usePeople } from "../../api/recipients.ts";
import { can, useMe } from "../../api/session.ts";
import { useRested } from "../../lib/hooks.ts";
import { Button } from "../../ui/Button.tsx";
import { Picker } from "../../ui/Picker.tsx";
import styles from "./Compose.module.css";

const FilterDialog = lazy(async () => ({ default: (await import("./FilterDialog.tsx")).FilterDialog }));
const ListDialog = lazy(async () => ({ default: (await import("./ListDialog.tsx")).ListDialog }));

interface ToProps {
  choice: Choice;
  set(choice: Choice): void;
  preview: Pick<BlastPreview, "chosen" | "unavailable_count"> | undefined;
}

/** Whom it is for: people, groups, everyone, those who fit a filter, or a list from a file. */
export function ToField({ choice, set, preview: p }: ToProps) {
  const me = useMe();
  const [text, setText] = useState("");
  const [open, setOpen] = useState<"filter" | "list" | null>(null);
  const rested = useRested(text.trim(), 200);
  const people = usePeople(rested);
  const sets = useSets(rested);
  const choose = (picked: readonly Recipient[]) => {
    set(repick(choice, picked, me.user.id));
    setText("");
  };
  const add = (r: Recipient) => choose([...choice.picked.filter((x) => x.id !== r.id), r]);
  return (
    <div className={styles["toField"]}>
      <span className={styles["label"]}>To</span>
      <Picker
        floating
        label="To"
        placeholder="Add a group or person"
        people={[...sets, ...people.list.filter((r) => r.kind === "client")]}
        loading={people.loading}
        text={text}
        setText={setText}
        chosen={choice.picked}
        choose={choose}
        available={(r) => r.direct}
        community={false}
        sets={{
          within: (r) => within(choice.picked, r, me.user.id),
          without: choice.without,
          leaveOut: (r) => set(leaveOut(choice, r)),
          putBack: (id) => set(putBack(choice, id)),
        }}
      />
      <div className={styles["toTools"]}>
        <span role="status">{choice.picked.length > 0 && p ? counted(p) : ""}</span>
        <Button size="small" look="ghost" icon="list-filter" onClick={() => setOpen("filter")}>
          By filter
        </Button>
        <Button size="small" look="ghost" icon="upload" onClick={() => setOpen("list")}>
          From a file
        </Button>
      </div>
      <Suspense>
        {open === "filter" && <FilterDialog add={add} close={() => setOpen(null)} />}
        {open === "list" && <ListDialog add={add} close={() => setOpen(null)} />}
      </Suspense>
    </div>
  );
}

/** "128 chosen, 4 skipped" */
function counted({ chosen, unavailable_count: skipped }: NonNullable<ToProps["preview"]>): string {
  const some = skipped > 0 ? `, ${skipped.toLocaleString("en-US")} skipped` : "";
  return `${chosen.toLocaleString("en-US")} chosen${some}`;
}

/** Everyone at once, and the groups, by name. */
function useSets(q: string): Recipient[] {
  const me = useMe();
  const { data } = useGroups();
  const words = q.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
  const groups = (data ?? []).filter((g) => g.client_count > 0).map(groupRecipient);
  return [...everyone(can(me, "view_all_clients")), ...groups].filter((r) =>
    words.every((w) => r.name.toLocaleLowerCase("en-US").includes(w)),
  );
}
