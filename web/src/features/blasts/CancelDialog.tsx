import type { Blast } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { useAct } from "./queries.ts";

// Import this file only lazily: it brings react-aria.

/** Asks with the exact number before the rest of a blast is given up. */
export function CancelDialog({ blast: b, close }: { blast: Blast; close(): void }) {
  const act = useAct(b.id);
  const rest = count(b.pending, "person", "people");
  const others = b.sent === 0 ? rest : `the other ${rest}`;
  const confirm = () =>
    act.mutate("cancel", {
      onSuccess: (now) => {
        close();
        say(
          now.sent === 0
            ? "Cancelled. Nobody got it."
            : `Stopped after ${count(now.sent, "person", "people")}.`,
        );
      },
    });
  return (
    <Dialog
      role="alertdialog"
      title={`Cancel for ${others}?`}
      close={close}
      onSubmit={confirm}
      footer={
        <Confirm danger close={close} disabled={act.isPending}>
          {`Cancel for ${rest}`}
        </Confirm>
      }
    >
      <p>
        {b.sent === 0
          ? `Nobody has it yet. ${rest} won’t get it, and they are not told.`
          : `${count(b.sent, "person has", "people have")} it already and keep it. The other ${rest} won’t get it, and are not told.`}{" "}
        This can’t be undone.
      </p>
      <Problem error={act.error} />
    </Dialog>
  );
}
