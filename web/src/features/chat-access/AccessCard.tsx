import { useState } from "react";
import { type SwitchName, switchNames, useClientAccess } from "../../api/access.ts";
import type { ClientAccess } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { shortDate } from "../../lib/time.ts";
import { Source } from "../../ui/Source.tsx";
import { Switch } from "../../ui/Switch.tsx";
import styles from "./Panel.module.css";
import { useToggle } from "./toggle.ts";
import { onOff, sourceWords, switchWords } from "./words.ts";

/** Both switches of a client with their sources, beside a conversation or on the profile. */
export function AccessCard({ clientId }: { clientId: string }) {
  const { data: access } = useClientAccess(clientId);
  if (!access) return null;
  return (
    <div className={styles["card"]}>
      {switchNames.map((name) => (
        <Line key={name} access={access} name={name} />
      ))}
      <div>
        <Link className="link" href={`/clients/${clientId}/chat-settings`}>
          {access.can_change ? "Chat Settings" : "See why"}
        </Link>
      </div>
    </div>
  );
}

function Line({ access, name }: { access: ClientAccess; name: SwitchName }) {
  const s = access[name];
  const toggle = useToggle();
  const [id] = useState(() => `acc-${name}-${access.client_id}`);
  return (
    <div className={styles["acc"]}>
      <label htmlFor={id}>{switchWords[name]}</label>
      {access.can_change ? (
        <Switch id={id} checked={s.effective} onChange={(e) => toggle(access, name, e.target.checked)} />
      ) : (
        <b id={id}>{onOff(s.effective)}</b>
      )}
      <span>
        <Source place={s.source}>{sourceWords(s, access.group?.name ?? null)}</Source>
        {s.changed_at && (
          <span>
            Changed {shortDate(s.changed_at)} by {s.changed_by?.name ?? "Hearth"}
          </span>
        )}
      </span>
    </div>
  );
}
