import type { WebhookSecret } from "../../api/types.ts";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { CopyField } from "../../ui/CopyField.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Callout } from "../../ui/States.tsx";

// Import this file only lazily, like ui/Dialog.tsx.

/** A secret, the one time it is shown. A press outside does not close it. */
export function SecretDialog({ made, close }: { made: WebhookSecret; close(): void }) {
  const { secret, webhook } = made;
  return (
    <Dialog
      title="Signing secret"
      role="alertdialog"
      close={close}
      footer={
        <Button look="primary" onClick={close}>
          I have put it away
        </Button>
      }
    >
      <Callout tone="amber" icon="key-round">
        <b>This is shown once.</b> Put it into the other program now: with it that program checks that a call
        comes from Hearth.
      </Callout>
      <CopyField label="Signing secret" value={secret} copied="Secret copied." />
      {webhook.old_secret_until && (
        <p className="muted">The secret before works until {dateTime(webhook.old_secret_until)}.</p>
      )}
    </Dialog>
  );
}
