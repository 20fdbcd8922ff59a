import { accessKeys, type SwitchName } from "../../api/access.ts";
import { queryClient } from "../../api/cache.ts";
import { conflictState, explain } from "../../api/client.ts";
import type { ClientAccess, SwitchAccess } from "../../api/types.ts";
import { say, sayUndo } from "../../ui/toast.ts";
import { stored } from "./panel.ts";
import { putClientAccess, refreshClient } from "./queries.ts";
import { switchWords } from "./words.ts";

/** What one needs to know of a client to turn a switch: the panel's state or a row of the table. */
export interface Turnable {
  client_id: string;
  name: string;
  version: number;
  direct: SwitchAccess;
  community: SwitchAccess;
}

/** Turns one switch of one client at once, with a way back in sight for ten seconds. */
export function useToggle(): (client: Turnable, name: SwitchName, on: boolean) => void {
  return (client, name, on) => void turnNow(client, name, on);
}

async function turnNow(client: Turnable, name: SwitchName, on: boolean): Promise<void> {
  const saved = await put(client, client.version, { [name]: on ? "on" : "off", reason: null, until: null });
  if (!saved) return;
  sayUndo(`${switchWords[name]} turned ${on ? "on" : "off"} for ${client.name}.`, () => {
    const before = stored(client[name]);
    const back = {
      [name]: before.own,
      reason: before.reason || null,
      until: before.own === "unset" ? null : client[name].until,
    };
    void put(client, saved.version, back).then((undone) => undone && say("Taken back."));
  });
}

async function put(
  client: Turnable,
  version: number,
  body: Omit<Parameters<typeof putClientAccess>[1], "version">,
): Promise<ClientAccess | null> {
  try {
    const saved = await putClientAccess(client.client_id, { version, ...body });
    queryClient.setQueryData(accessKeys.client(client.client_id), saved);
    return saved;
  } catch (error) {
    const now = conflictState<ClientAccess>(error);
    say(
      now
        ? `${lastBy(now)} changed this a moment ago. Look at it again before you change it.`
        : explain(error),
    );
    return null;
  } finally {
    refreshClient(client.client_id);
  }
}

function lastBy(access: ClientAccess): string {
  const newest = [access.direct, access.community].sort((a, b) =>
    (b.changed_at ?? "").localeCompare(a.changed_at ?? ""),
  )[0];
  return newest?.changed_by?.name ?? "Someone";
}
