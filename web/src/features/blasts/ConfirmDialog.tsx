import type { BlastPreview } from "../../api/types.ts";
import { useMe } from "../../api/session.ts";
import { count } from "../../lib/text.ts";
import { zoneName } from "../../lib/zone.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { graceSeconds } from "./queries.ts";
import { momentWords, sendWord } from "./words.ts";

// Import this file only lazily: it brings react-aria.

interface ConfirmProps {
  preview: BlastPreview;
  sendAt: string;
  /** Whether it can be taken back for some seconds. */
  grace?: boolean;
  close(): void;
  confirm(): void;
}

/** Asks once more before very many are written to, with the number. */
export function ConfirmDialog({ preview: p, sendAt, grace, close, confirm }: ConfirmProps) {
  const zone = useMe().organization.time_zone;
  const many = count(p.reachable, "person", "people");
  return (
    <Dialog
      role="alertdialog"
      title={sendAt ? `Schedule this for ${many}?` : `Send this to ${many}?`}
      close={close}
      onSubmit={confirm}
      footer={<Confirm close={close}>{sendWord(p.reachable, sendAt !== "")}</Confirm>}
    >
      <p>
        {many} will each get it in a private thread
        {sendAt ? `, ${momentWords(sendAt, zone)} (${zoneName(zone)} time)` : ""}.
        {p.unavailable_count > 0 &&
          ` ${count(p.unavailable_count, "client")} of ${p.chosen.toLocaleString("en-US")} will be skipped.`}
      </p>
      <p className="muted">
        {sendAt
          ? "You can change or cancel it until then."
          : grace
            ? `You can take it back for ${graceSeconds} seconds.`
            : "It goes at once."}
      </p>
    </Dialog>
  );
}
