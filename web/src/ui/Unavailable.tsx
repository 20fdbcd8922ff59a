import { Text } from "react-aria-components";
import { useClientAccess } from "../api/access.ts";
import type { ClientAccess } from "../api/types.ts";
import { shortDate } from "../lib/time.ts";
import type { Recipient } from "../api/recipients.ts";

interface UnavailableProps {
  person: Recipient;
  /** Whether it would be a community chat that they cannot be in. */
  community: boolean;
  /** Someone points at the name: then it is worth asking why. */
  asked: boolean;
}

/** The second line of someone who cannot be picked: who turned it off and until when, once one asks. */
export function Unavailable({ person, community, asked }: UnavailableProps) {
  const { data } = useClientAccess(person.id, asked);
  return (
    <Text slot="description" elementType="small">
      {asked && data ? offWords(data, community ? "community" : "direct") : person.about}
    </Text>
  );
}

/** "Dr. Elias Brandt turned Direct Messaging off on Nov 12, until Dec 1." */
function offWords(access: ClientAccess, name: "direct" | "community", now: Date = new Date()): string {
  const s = access[name];
  const what = name === "direct" ? "Direct Messaging" : "Community Chat";
  const where = s.source === "group" ? ` for ${access.group?.name ?? "the group"}` : "";
  const when = s.changed_at ? ` on ${shortDate(s.changed_at, now)}` : "";
  const last = s.until ? new Date(Date.parse(s.until) - 1).toISOString() : "";
  const until = last ? `, until ${shortDate(last, now)}` : "";
  if (s.source === "default" || !s.changed_by) return `${what} is off since they were added.`;
  return `${s.changed_by.name} turned ${what} off${where}${when}${until}.`;
}
