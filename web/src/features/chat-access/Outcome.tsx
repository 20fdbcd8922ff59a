import type { ReactNode } from "react";
import type { AccessPreview } from "../../api/types.ts";
import { Check } from "../../ui/Field.tsx";
import { Callout, ListSkeleton, Problem } from "../../ui/States.tsx";
import { groupDecides, sampleWords } from "./bulk.ts";
import styles from "./Dialogs.module.css";

interface OutcomeProps {
  preview: Pick<AccessPreview, "changed" | "keeps_own" | "keeps_group" | "unchanged" | "sample">;
  words: { changed: string; changedMore: string; keeps: string; unchanged: string };
}

/** Who would change by a change of many and who would not, before anything does. */
export function Outcome({ preview: p, words }: OutcomeProps) {
  return (
    <ul className={styles["outcome"]}>
      <Line n={p.changed} what={words.changed}>
        {words.changedMore} {sampleWords(p, "changed", p.changed)}
      </Line>
      {p.keeps_own > 0 && (
        <Line n={p.keeps_own} what={words.keeps}>
          {sampleWords(p, "keeps_own", p.keeps_own)}
        </Line>
      )}
      {p.keeps_group > 0 && (
        <Line n={p.keeps_group} what={groupDecides(p.keeps_group)}>
          {sampleWords(p, "keeps_group", p.keeps_group)}
        </Line>
      )}
      {p.unchanged > 0 && (
        <Line n={p.unchanged} what={words.unchanged}>
          Nothing changes for them.
        </Line>
      )}
    </ul>
  );
}

interface LineProps {
  n: number;
  what: string;
  children: ReactNode;
}

/** How many of one outcome, the number first. */
function Line({ n, what, children }: LineProps) {
  return (
    <li>
      <span className={styles["n"]}>{n.toLocaleString("en-US")}</span>
      <b>{what}</b>
      <p>{children}</p>
    </li>
  );
}

/** In the outcome’s place until it is there. */
export function Waiting({ error }: { error: unknown }) {
  return error ? <Problem error={error} /> : <ListSkeleton rows={2} label="Looking who would change" />;
}

/** The numbers were others when they were agreed to: nothing was done. */
export function NewNumbers() {
  return (
    <Callout tone="amber" icon="circle-alert" live="alert">
      Somebody changed these clients meanwhile. These are the new numbers.
    </Callout>
  );
}

interface WithOwnProps {
  /** So many have an own setting. */
  n: number;
  checked: boolean;
  change(checked: boolean): void;
}

/** Those with an own setting are spared unless this is asked for. */
export function WithOwn({ n, checked, change }: WithOwnProps) {
  return (
    <Check
      label={`Change the ${n.toLocaleString("en-US")} with their own setting too`}
      checked={checked}
      onChange={(e) => change(e.target.checked)}
    />
  );
}
