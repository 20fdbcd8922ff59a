import { lazy, Suspense } from "react";
import { isClient, useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";
import { useViewing } from "./useViewing.ts";

const TeamLine = lazy(async () => ({ default: (await import("./TeamLine.tsx")).TeamLine }));

/**
 * The line of the team, which is loaded for staff alone. Of clients it only says what they
 * look at, which nobody is told: they are not notified of what they see.
 */
export function TeamPlace({ conversation }: { conversation: Conversation }) {
  const client = isClient(useMe());
  useViewing(conversation.id, client);
  if (client) return null;
  return (
    <Suspense>
      <TeamLine conversation={conversation} />
    </Suspense>
  );
}
