import type { Client } from "../../api/types.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { useChangeClient } from "./queries.ts";

/** Says what archiving does before it is done. */
export function ArchiveDialog({ client, close }: { client: Client; close(): void }) {
  const change = useChangeClient(client.id);
  const archive = () =>
    change.mutate(
      { state: "archived" },
      {
        onSuccess: () => {
          close();
          say(`${client.name} is archived.`);
        },
      },
    );
  return (
    <Dialog
      title={`Archive ${client.name}?`}
      role="alertdialog"
      close={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            Cancel
          </Button>
          <Button look="danger" disabled={change.isPending} onClick={archive}>
            Archive client
          </Button>
        </>
      }
    >
      <p>
        Nobody can start new conversations with them. What was written stays, and both sides can still write
        in the direct conversations they have. You can restore them at any time.
      </p>
      <Problem error={change.error} />
    </Dialog>
  );
}
