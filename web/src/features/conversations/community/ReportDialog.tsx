import { useState } from "react";
import { api, ask } from "../../../api/client.ts";
import type { Message } from "../../../api/types.ts";
import { AreaField } from "../../../ui/Field.tsx";
import { Confirm, Dialog } from "../../../ui/Dialog.tsx";
import { Problem } from "../../../ui/States.tsx";
import { say } from "../../../ui/toast.ts";
import { plainBody } from "../plain.ts";
import styles from "./Community.module.css";

// Import this file only lazily: it brings react-aria.

/** Tells the care team about a post; its author is not told who did. */
export function ReportDialog({ message: m, close }: { message: Message; close(): void }) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    try {
      const path = { id: m.conversation_id, message_id: m.id };
      await ask(
        api.POST("/api/v1/conversations/{id}/messages/{message_id}/report", {
          params: { path },
          body: reason.trim() === "" ? {} : { reason: reason.trim() },
        }),
      );
      say("Reported. Your care team will look at it.");
      close();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Report this post"
      close={close}
      onSubmit={() => void send()}
      footer={
        <Confirm close={close} disabled={busy}>
          Report
        </Confirm>
      }
    >
      <blockquote className={styles["words"]}>
        {plainBody(m).slice(0, 300) || "A post without text"}
      </blockquote>
      <p>
        Only the care team sees your report. {m.author.name} and the others are not told. If someone is in
        danger, call the emergency number instead.
      </p>
      <AreaField
        label="What is wrong with it? (optional)"
        rows={3}
        maxLength={1000}
        value={reason}
        onChange={(e) => setReason(e.target.value)}
      />
      <Problem error={problem} />
    </Dialog>
  );
}
