import { type FormEvent, useEffect, useRef, useState } from "react";
import { explain, fieldError } from "../../api/client.ts";
import { type PushDevice, useRemoveDevice, useRenameDevice, useTestPush } from "../../api/push.ts";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Notifications.module.css";

/** As many characters as the server takes. */
const longest = 60;

interface DeviceProps {
  device: PushDevice;
  /** Whether one is at it now. */
  here: boolean;
}

/** One device with push: what it is called, since when, and what can be done with it. */
export function Device({ device: d, here }: DeviceProps) {
  const [naming, setNaming] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const back = useRef(false);
  useEffect(() => {
    if (back.current && !naming) button.current?.focus();
    back.current = naming;
  }, [naming]);
  return (
    <li data-push-device={d.id}>
      <Icon name="monitor" />
      <div>
        {naming ? (
          <Naming device={d} close={() => setNaming(false)} />
        ) : (
          <>
            <b>{d.device}</b> {here && <span className={styles["here"]}>This device</span>}
            <small>
              Added {dateTime(d.created_at)}
              {d.last_sent_at ? ` · last push ${dateTime(d.last_sent_at)}` : " · no push yet"}
            </small>
          </>
        )}
      </div>
      {!naming && (
        <span className={styles["acts"]}>
          <TestButton device={d} />
          <Button ref={button} size="small" aria-label={`Rename ${d.device}`} onClick={() => setNaming(true)}>
            Rename
          </Button>
          <RemoveButton device={d} />
        </span>
      )}
    </li>
  );
}

function Naming({ device: d, close }: { device: PushDevice; close(): void }) {
  const [name, setName] = useState(d.device);
  const rename = useRenameDevice();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (rename.isPending) return;
    if (name.trim() === d.device) return close();
    rename.mutate({ id: d.id, device: name.trim() }, { onSuccess: close });
  };
  const wrong = fieldError(rename.error, "device");
  return (
    <form className={styles["naming"]} onSubmit={save} onKeyDown={(e) => e.key === "Escape" && close()}>
      <TextField
        label="Name of this device"
        value={name}
        maxLength={longest}
        autoFocus
        autoComplete="off"
        error={wrong ?? (rename.error ? explain(rename.error) : undefined)}
        onChange={(e) => setName(e.target.value)}
      />
      <span className={styles["acts"]}>
        <Button type="submit" size="small" look="primary" disabled={name.trim() === ""}>
          Save name
        </Button>
        <Button size="small" onClick={close}>
          Cancel
        </Button>
      </span>
    </form>
  );
}

function TestButton({ device: d }: { device: PushDevice }) {
  const test = useTestPush();
  const send = () =>
    test.mutate(d.id, {
      onSuccess: ({ taken }) => say(testWords(d.device, taken > 0)),
      onError: (error) => say(explain(error)),
    });
  return (
    <Button
      size="small"
      aria-label={`Send a test to ${d.device}`}
      aria-disabled={test.isPending}
      onClick={() => !test.isPending && send()}
    >
      Send a test
    </Button>
  );
}

export function testWords(device: string, taken: boolean): string {
  return taken ? `Sent to ${device}. It should be there within a minute.` : `${device} could not be reached.`;
}

function RemoveButton({ device: d }: { device: PushDevice }) {
  const remove = useRemoveDevice();
  const go = () =>
    remove.mutate(d.id, {
      onSuccess: () => say(`${d.device} gets no push any more.`),
      onError: (error) => say(explain(error)),
    });
  return (
    <Button size="small" aria-label={`Remove ${d.device}`} disabled={remove.isPending} onClick={go}>
      Remove
    </Button>
  );
}
