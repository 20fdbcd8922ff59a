import { useState } from "react";
import { conflictState, fieldError } from "../../api/client.ts";
import type { Webhook, WebhookSecret } from "../../api/types.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { Check, TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { type Entered, useAddWebhook, useChangeWebhook } from "./queries.ts";
import styles from "./Webhooks.module.css";
import { events } from "./words.ts";

// Import this file only lazily, like ui/Dialog.tsx.

interface DialogProps {
  /** One that is changed; none makes a new one. */
  webhook?: Webhook;
  close(): void;
  /** Is told of a new one, whose secret is to be shown. */
  made?(made: WebhookSecret): void;
}

/** Makes or changes a webhook. */
export function WebhookDialog({ webhook, close, made }: DialogProps) {
  const [before, setBefore] = useState(webhook);
  const [now, setNow] = useState<Entered>(webhook ?? { url: "", description: "", events: [] });
  const set = (some: Partial<Entered>) => setNow({ ...now, ...some });
  const add = useAddWebhook();
  const change = useChangeWebhook();
  const saving = before ? change : add;
  const theirs = conflictState<Webhook>(change.error);
  const ready = now.url.trim() !== "" && now.events.length > 0 && !saving.isPending;
  const { url, description } = now;
  const entered = { url, description, events: now.events };
  const save = () => {
    if (!ready) return;
    if (!before) {
      add.mutate(entered, {
        onSuccess: (answer) => {
          close();
          made?.(answer);
        },
      });
      return;
    }
    change.mutate(
      { id: before.id, version: before.version, ...entered },
      {
        onSuccess: () => {
          close();
          say("Webhook saved.");
        },
        onError: (error) => setBefore(conflictState<Webhook>(error) ?? before),
      },
    );
  };
  return (
    <Dialog
      title={before ? "Edit webhook" : "New webhook"}
      close={close}
      onSubmit={save}
      footer={
        <Confirm close={close} disabled={!ready}>
          {before ? "Save webhook" : "Add webhook"}
        </Confirm>
      }
    >
      {theirs && (
        <Callout tone="amber" icon="circle-alert" live="alert">
          <b>Someone changed this a moment ago.</b> Its address is {theirs.url} now. Saving puts yours in its
          place.
        </Callout>
      )}
      <TextField
        label="Address"
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        maxLength={2048}
        placeholder="https://"
        value={now.url}
        hint="Begins with https://. Hearth calls it with POST."
        error={fieldError(saving.error, "url")}
        onChange={(e) => set({ url: e.target.value })}
      />
      <TextField
        label="Description"
        autoComplete="off"
        maxLength={200}
        value={now.description}
        hint="For your team: which program this is."
        error={fieldError(saving.error, "description")}
        onChange={(e) => set({ description: e.target.value })}
      />
      <EventBoxes chosen={now.events} choose={(events) => set({ events })} />
      {!theirs && <Problem error={saving.error} />}
    </Dialog>
  );
}

interface BoxesProps {
  chosen: Entered["events"];
  choose(events: Entered["events"]): void;
}

function EventBoxes({ chosen, choose }: BoxesProps) {
  const toggle = (id: Entered["events"][number], on: boolean) =>
    choose(on ? [...chosen, id] : chosen.filter((e) => e !== id));
  return (
    <fieldset className={styles["events"]}>
      <legend>Call it when</legend>
      {events.map(({ id, label, hint }) => (
        <Check
          key={id}
          label={label}
          hint={hint}
          checked={chosen.includes(id)}
          onChange={(e) => toggle(id, e.target.checked)}
        />
      ))}
    </fieldset>
  );
}
