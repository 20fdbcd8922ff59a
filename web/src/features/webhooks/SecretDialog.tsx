import type { WebhookSecret } from "../../api/types.ts";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Callout } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Webhooks.module.css";

// Import this file only lazily, like ui/Dialog.tsx.

/** A secret, the one time it is shown. A press outside does not close it. */
export function SecretDialog({ made, close }: { made: WebhookSecret; close(): void }) {
  const { secret, webhook } = made;
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    say("Secret copied.");
  };
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
      <div className={styles["secret"]}>
        <input
          readOnly
          aria-label="Signing secret"
          value={secret}
          spellCheck={false}
          onFocus={(event) => event.target.select()}
        />
        {navigator.clipboard && (
          <Button icon="copy" onClick={() => void copy()}>
            Copy
          </Button>
        )}
      </div>
      {webhook.old_secret_until && (
        <p className="muted">The secret before works until {dateTime(webhook.old_secret_until)}.</p>
      )}
    </Dialog>
  );
}
