import { useState } from "react";
import type { Report } from "../../api/types.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { AreaField } from "../../ui/Field.tsx";
import { Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { useResolve } from "./queries.ts";

// Import this file only lazily: it brings react-aria.

interface SettleProps {
  report: Report;
  outcome: "removed" | "kept";
  close(): void;
}

/** Asks once more, and for a note, before a report is settled. */
export function SettleDialog({ report: r, outcome, close }: SettleProps) {
  const [note, setNote] = useState("");
  const resolve = useResolve();
  const removing = outcome === "removed";
  const settle = () =>
    resolve.mutate(
      { id: r.id, outcome, note },
      {
        onSuccess: () => {
          say(removing ? "The post was removed." : "The post stays.");
          close();
        },
      },
    );
  return (
    <Dialog
      title={removing ? `Remove the post by ${r.message.author.name}?` : "Keep this post?"}
      close={close}
      onSubmit={settle}
      footer={
        <Confirm close={close} danger={removing} disabled={resolve.isPending}>
          {removing ? "Remove for everyone" : "Keep the post"}
        </Confirm>
      }
    >
      <p>
        {removing
          ? "Everyone in the chat will see that a post was deleted, and no longer what it said."
          : "Nothing changes in the chat, and every open report of this post is settled."}
      </p>
      <AreaField
        label="Note (optional)"
        hint="Only staff who settle reports see it."
        rows={2}
        maxLength={1000}
        value={note}
        onChange={(e) => setNote(e.target.value)}
      />
      <Problem error={resolve.error} />
    </Dialog>
  );
}
