import { useState } from "react";
import type { ClientAccess } from "../../api/types.ts";
import { callName } from "../../lib/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { ClientNotice } from "../../ui/OffNotice.tsx";
import { Callout } from "../../ui/States.tsx";
import styles from "./Panel.module.css";
import { answers } from "./words.ts";

/** "Why can’t they write?" in one look, before anything that could be changed. */
export function Summary({ access }: { access: ClientAccess }) {
  return (
    <section className={styles["answers"]} aria-label="In short">
      {access.archived && (
        <div>
          <Icon name="archive" size={16} />
          <span>
            <b>{callName(access.name)} is archived.</b>
            <small>
              Nobody can start with them; existing direct conversations go on unless they are off.
            </small>
          </span>
        </div>
      )}
      {answers(access).map((a) => (
        <div key={a.name}>
          <Icon name={a.on ? "message-circle" : "message-circle-off"} size={16} />
          <span>
            <b>{a.what}</b>
            <small>{a.why}</small>
          </span>
        </div>
      ))}
      {!access.can_change && (
        <div>
          <Icon name="lock" size={16} />
          <span>
            <small>You can see these settings. Changing them needs a permission you don’t have here.</small>
          </span>
        </div>
      )}
    </section>
  );
}

/** What the client reads in place of the message box. */
export function SeeNotice({ access, off }: { access: ClientAccess; off: boolean }) {
  const [shown, setShown] = useState(false);
  const who = callName(access.name);
  return (
    <div className={styles["see"]}>
      <Callout tone="quiet" icon="eye">
        {off
          ? `${who} keeps the history. A notice replaces the message box. `
          : `Where chat is off, ${who} reads a notice instead of the message box. `}
        <button type="button" className="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide the notice" : "See the notice"}
        </button>
      </Callout>
      {shown && (
        <div>
          <ClientNotice notice={access.notice} preview />
        </div>
      )}
    </div>
  );
}
