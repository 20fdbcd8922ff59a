import type { BlastPreview } from "../../api/types.ts";
import { CheckBox } from "../../ui/Field.tsx";
import styles from "./Way.module.css";

interface WayProps {
  wanted: "blast" | "community";
  set(way: "blast" | "community"): void;
  /** Null while the server counts. */
  reach: Pick<BlastPreview, "chosen" | "reachable" | "community_reachable"> | undefined;
  /** Why it can only be a blast. */
  only: string | null;
}

/** How several clients are written to: each by themselves, or together. */
export function Way({ wanted, set, reach, only }: WayProps) {
  const of = (n: number | undefined) =>
    reach
      ? `Reaches ${(n ?? 0).toLocaleString("en-US")} of ${reach.chosen.toLocaleString("en-US")}`
      : "Counting…";
  return (
    <fieldset className={styles["ways"]}>
      <legend>How should it arrive?</legend>
      <label>
        <CheckBox kind="radio" name="way" checked={wanted === "blast"} onChange={() => set("blast")} />
        <b>Message Blast</b>
        <small>A private thread for each person. Nobody sees who else got it.</small>
        <em>{of(reach?.reachable)}</em>
      </label>
      <label>
        <CheckBox
          kind="radio"
          name="way"
          checked={wanted === "community"}
          onChange={() => set("community")}
        />
        <b>Community Chat</b>
        <small>One shared room. Everyone sees each other and every reply.</small>
        <em>{only ? "From groups and single people" : of(reach?.community_reachable)}</em>
      </label>
    </fieldset>
  );
}
