import type { Person } from "../../api/types.ts";
import { Callout } from "../../ui/States.tsx";

interface Changed {
  by: Person;
  at: string;
}

interface OvertakenProps {
  changed: readonly (Changed | null)[];
  /** What it is now, in words. */
  children: string;
}

/** Somebody saved these settings while there were edits here: theirs first, then one's own. */
export function Overtaken({ changed, children }: OvertakenProps) {
  const newest = changed.filter((c) => c !== null).sort((a, b) => b.at.localeCompare(a.at))[0];
  return (
    <Callout tone="amber" icon="circle-alert" live="alert">
      <b>{newest?.by.name ?? "Someone"} changed this a moment ago.</b> Review that change before you save.{" "}
      {children}
    </Callout>
  );
}
