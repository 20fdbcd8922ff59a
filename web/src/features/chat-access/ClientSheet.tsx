import { useEffect, useRef, useState } from "react";
import { switchNames, useClientAccess } from "../../api/access.ts";
import { ApiError, conflictState } from "../../api/client.ts";
import type { ClientAccess } from "../../api/types.ts";
import { navigate } from "../../lib/router.tsx";
import { callName } from "../../lib/text.ts";
import { shortDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { ClientNotice } from "../../ui/OffNotice.tsx";
import { SaveBar } from "../../ui/SaveBar.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Callout, Empty, Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { History } from "./History.tsx";
import {
  arrive,
  changes,
  type Conflict,
  current,
  decide,
  discard,
  edit,
  follow,
  invalid,
  open,
  toSave,
  turn,
} from "./panel.ts";
import styles from "./Panel.module.css";
import { useHistory, useSaveClient } from "./queries.ts";
import { SwitchBlock } from "./SwitchBlock.tsx";
import { answers, conflictLines } from "./words.ts";

/** Client profile > Actions > Settings > Chat Settings: who may chat, for one client. */
export function ClientSheet({ params }: { params: Record<string, string> }) {
  const id = params["id"] ?? "";
  const access = useClientAccess(id);
  const close = () => navigate(`/clients/${id}`);
  if (access.data) return <Loaded key={id} latest={access.data} close={close} />;
  const unknown = access.error instanceof ApiError && access.error.status === 404;
  return (
    <Sheet title="Chat Settings" close={close}>
      {access.isPending ? (
        <ListSkeleton rows={4} label="Loading the chat settings" />
      ) : unknown ? (
        <Empty small title="There’s no such client">
          They may belong to another care team.
        </Empty>
      ) : (
        <Failed what="these settings" error={access.error} retry={() => void access.refetch()} />
      )}
    </Sheet>
  );
}

/** The panel's state, kept in step with what the server says while it is open. */
function usePanel(latest: ClientAccess) {
  const [panel, setPanel] = useState(() => open(latest));
  const seen = useRef(latest);
  useEffect(() => {
    if (seen.current === latest) return;
    seen.current = latest;
    setPanel((p) => arrive(p, latest));
  }, [latest]);
  return [panel, setPanel] as const;
}

function Loaded({ latest, close }: { latest: ClientAccess; close(): void }) {
  const id = latest.client_id;
  const [panel, setPanel] = usePanel(latest);
  const saving = useSaveClient(id);
  const history = useHistory(id);
  const { base } = panel;
  const who = callName(base.name);
  const readOnly = !base.can_change;
  const save = () =>
    saving.mutate(
      { version: base.version, ...toSave(panel) },
      {
        onSuccess: (saved) => {
          setPanel(open(saved));
          say("Saved.");
        },
        onError: (error) => {
          const now = conflictState<ClientAccess>(error);
          if (now) setPanel((p) => arrive(p, now));
        },
      },
    );
  const footer = readOnly ? (
    <Button look="outline" onClick={close}>
      Close
    </Button>
  ) : (
    <SaveBar
      changes={changes(panel)}
      saving={saving.isPending}
      invalid={invalid(panel)}
      save={save}
      discard={() => {
        saving.reset();
        setPanel(discard(panel));
      }}
      close={close}
    />
  );
  return (
    <Sheet
      title="Chat Settings"
      about={base.name}
      picture={<Avatar name={base.name} size={36} />}
      close={close}
      footer={footer}
    >
      <Summary access={base} />
      {panel.conflict && <Review conflict={panel.conflict} />}
      {switchNames.map((name, i) => (
        <div key={name}>
          {i > 0 && <hr />}
          <SwitchBlock
            name={name}
            access={base[name]}
            edit={current(panel, name)}
            who={who}
            groupName={base.group?.name ?? null}
            added={added(history)}
            readOnly={readOnly}
            turn={(on) => setPanel((p) => turn(p, name, on))}
            change={(next) => setPanel((p) => edit(p, name, next))}
            follow={() => setPanel((p) => follow(p, name))}
          />
        </div>
      ))}
      <SeeNotice access={base} off={switchNames.some((n) => !decide(base[n], current(panel, n).own).on)} />
      {!conflictState(saving.error) && saving.error && (
        <div style={{ marginTop: 14 }}>
          <Problem error={saving.error} />
        </div>
      )}
      <hr />
      <History history={history} name={base.name} />
    </Sheet>
  );
}

/** What somebody else saved meanwhile, brought into sight before anything is saved over it. */
function Review({ conflict }: { conflict: Conflict }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" }); // gives a promise in newer browsers, which is no clean-up
  }, [conflict]);
  return (
    <div ref={place} className={styles["review"]}>
      <Callout tone="amber" icon="circle-alert" live="alert">
        <b>{conflict.by} changed this a moment ago.</b> Review that change before you save.
        {conflictLines(conflict.before, conflict.after).map((text) => (
          <p key={text} className={styles["lines"]}>
            {text}
          </p>
        ))}
      </Callout>
    </div>
  );
}

/** When the client was added, as far back as the history was read. */
function added(history: ReturnType<typeof useHistory>): string {
  const rows = history.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  const made = rows.find((row) => row.how === "created");
  return made ? shortDate(made.at) : "";
}

/** "Why can’t they write?" in one look, before anything that could be changed. */
function Summary({ access }: { access: ClientAccess }) {
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
function SeeNotice({ access, off }: { access: ClientAccess; off: boolean }) {
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
