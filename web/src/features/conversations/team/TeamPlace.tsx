import { lazy, Suspense } from "react";
import { isClient, useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";

const TeamLine = lazy(async () => ({ default: (await import("./TeamLine.tsx")).TeamLine }));

/** The line of the team, which is loaded for staff alone. */
export function TeamPlace({ conversation }: { conversation: Conversation }) {
  if (isClient(useMe())) return null;
  return (
    <Suspense>
      <TeamLine conversation={conversation} />
    </Suspense>
  );
}
