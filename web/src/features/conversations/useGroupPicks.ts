import { everyone } from "../../api/choice.ts";
import { useGroups } from "../../api/directory.ts";
import { groupRecipient, type Recipient } from "../../api/recipients.ts";
import { can, isClient, useMe } from "../../api/session.ts";

/** The groups whose names fit what was typed, for those who may write to many; for blasts, everyone at once too. */
export function useGroupPicks(q: string): Recipient[] {
  const me = useMe();
  const blasts = !isClient(me) && can(me, "send_blasts");
  const may = blasts || (!isClient(me) && can(me, "start_community_chats"));
  const { data } = useGroups(may);
  const words = q.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
  const groups = (data ?? []).filter((g) => g.client_count > 0).map(groupRecipient);
  return [...(blasts ? everyone(can(me, "view_all_clients")) : []), ...groups].filter((r) =>
    words.every((w) => r.name.toLocaleLowerCase("en-US").includes(w)),
  );
}
