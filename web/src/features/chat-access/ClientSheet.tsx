import { type ReactNode, useEffect, useRef, useState } from "react";
import { switchNames, useClientAccess } from "../../api/access.ts";
import { ApiError, conflictState } from "../../api/client.ts";
import type { ClientAccess } from "../../api/types.ts";
import { navigate } from "../../lib/router.tsx";
import { callName } from "../../lib/text.ts";
import { shortDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { SaveAll, type Saver } from "../../ui/SaveAll.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Callout, Empty, Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { SeeNotice, Summary } from "./ClientFacts.tsx";
import { History } from "./History.tsx";
import { ClientSection } from "./notifications/ClientSection.tsx";
import { NotificationsSection, useClientForm } from "./notifications/sections.tsx";
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
import { conflictLines } from "./words.ts";

interface ClientSheetProps {
  params: Record<string, string>;
  /** What became of the client's notifications. */
  told?: (clientId: string) => ReactNode;
}

/** Client profile > Actions > Settings > Chat Settings: who may chat and how they are told, for one client. */
export function ClientSheet({ params, told }: ClientSheetProps) {
  const id = params["id"] ?? "";
  const access = useClientAccess(id);
  const close = () => navigate(`/clients/${id}`);
  if (access.data) return <Loaded key={id} latest={access.data} close={close} told={told?.(id)} />;
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

interface LoadedProps {
  latest: ClientAccess;
  close(): void;
  told: ReactNode;
}

function Loaded({ latest, close, told }: LoadedProps) {
  const id = latest.client_id;
  const notifications = useClientForm(id);
  const [panel, setPanel] = usePanel(latest);
  const saving = useSaveClient(id);
  const history = useHistory(id);
  const { base } = panel;
  const who = callName(base.name);
  const readOnly = !base.can_change;
  const saver: Saver = {
    changes: changes(panel),
    saving: saving.isPending,
    invalid: invalid(panel),
    save: () =>
      new Promise((done) =>
        saving.mutate(
          { version: base.version, ...toSave(panel) },
          {
            onSuccess: (saved) => {
              setPanel(open(saved));
              done(true);
            },
            onError: (error) => {
              const now = conflictState<ClientAccess>(error);
              if (now) setPanel((p) => arrive(p, now));
              done(false);
            },
          },
        ),
      ),
    discard: () => {
      saving.reset();
      setPanel(discard(panel));
    },
  };
  const footer = readOnly ? (
    <Button look="outline" onClick={close}>
      Close
    </Button>
  ) : (
    <SaveAll savers={[saver, notifications.form.saver]} close={close} />
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
      <NotificationsSection of={notifications}>
        <ClientSection form={notifications.form} who={who} readOnly={readOnly} history={told} />
      </NotificationsSection>
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
