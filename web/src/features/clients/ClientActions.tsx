import { lazy, Suspense, useRef, useState } from "react";
import { explain } from "../../api/client.ts";
import type { Client } from "../../api/types.ts";
import { useKeys } from "../../lib/hooks.ts";
import { navigate } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import type { MenuEntry } from "../../ui/Menu.tsx";
import { say } from "../../ui/toast.ts";
import { useChangeClient, useOpenConversation } from "./queries.ts";

const ArchiveDialog = lazy(async () => ({ default: (await import("./ArchiveDialog.tsx")).ArchiveDialog }));
const Menu = lazy(async () => ({ default: (await import("../../ui/Menu.tsx")).Menu }));

/** What can be done about a client: write, settings, groups, archive. */
export function ClientActions({ client: c, mayManage }: { client: Client; mayManage: boolean }) {
  const write = useOpenConversation();
  const change = useChangeClient(c.id);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const settings = () => navigate(`/clients/${c.id}/chat-settings`);
  useKeys({ s: settings });
  const message = () => {
    write.mutate(c.id, {
      onSuccess: (made) => navigate(`/inbox/${made.id}`),
      onError: (error) => {
        // Someone else's thread with this client may be open to read where a new one is not.
        if (c.direct_conversation_id) navigate(`/inbox/${c.direct_conversation_id}`);
        else say(explain(error));
      },
    });
  };
  const restore = () =>
    change.mutate({ state: "active" }, { onSuccess: () => say(`${c.name} is active again.`) });
  const archived = c.state === "archived";
  const keeping: MenuEntry = archived
    ? { id: "restore", label: "Restore client", icon: "archive", act: restore }
    : { id: "archive", label: "Archive client", icon: "archive", danger: true, act: () => setAsking(true) };
  return (
    <>
      <Button icon="square-pen" disabled={write.isPending} onClick={message}>
        Open conversation
      </Button>
      <Button
        ref={button}
        look="primary"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Actions
        <Icon name="chevron-down" size={16} />
      </Button>
      <Suspense>
        {open && (
          <Menu
            label="Actions"
            trigger={button}
            close={() => setOpen(false)}
            entries={[
              [
                { id: "settings", label: "Settings", icon: "settings", hint: "S", act: settings },
                {
                  id: "groups",
                  label: "Groups",
                  icon: "users-round",
                  act: () => navigate("/clients/groups"),
                },
              ],
              ...(mayManage ? [[keeping]] : []),
            ]}
          />
        )}
        {asking && <ArchiveDialog client={c} close={() => setAsking(false)} />}
      </Suspense>
    </>
  );
}
