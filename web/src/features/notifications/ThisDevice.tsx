import { useState } from "react";
import { explain } from "../../api/client.ts";
import { useTurnPushOff, useTurnPushOn } from "../../api/push.ts";
import { PushRefused, type PushStanding } from "../../lib/push.ts";
import { Link } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Notifications.module.css";

interface DeviceProps {
  standing: PushStanding;
  publicKey: string;
}

/** Push in this browser: asked for after a clear question, or what stands in the way. */
export function ThisDevice({ standing, publicKey }: DeviceProps) {
  switch (standing) {
    case "on":
      return <On />;
    case "off":
      return <Off publicKey={publicKey} />;
    case "blocked":
      return <Blocked />;
    case "install":
      return (
        <Callout icon="download">
          <b>On iPhone and iPad push needs the installed app.</b> Add Hearth to your home screen, open it from
          there, and come back to this page.{" "}
          <Link className="link" href="/settings/app">
            How to install it
          </Link>
        </Callout>
      );
    case "unsupported":
      return (
        <Callout tone="quiet" icon="bell-off">
          <b>This browser has no push.</b> Mail and what you see in the app work all the same.
        </Callout>
      );
  }
}

function On() {
  const off = useTurnPushOff();
  const go = () =>
    off.mutate(undefined, {
      onSuccess: () => say("Push is off on this device."),
      onError: (error) => say(explain(error)),
    });
  return (
    <Callout tone="pine" icon="check">
      <b>Push is on for this device.</b>
      <div className={styles["acts"]} style={{ marginTop: 8 }}>
        <Button size="small" disabled={off.isPending} onClick={go}>
          Turn off on this device
        </Button>
      </div>
    </Callout>
  );
}

function Off({ publicKey }: { publicKey: string }) {
  const [asking, setAsking] = useState(false);
  const on = useTurnPushOn();
  const go = () =>
    on.mutate(publicKey, {
      onSuccess: () => say("Push is on for this device."),
      onError: () => setAsking(false),
    });
  if (!asking) {
    return (
      <>
        {on.error && <Refused error={on.error} />}
        <div className={styles["acts"]}>
          <Button icon="bell" onClick={() => setAsking(true)}>
            Turn on push on this device
          </Button>
        </div>
      </>
    );
  }
  return (
    <Callout icon="bell">
      <b>Shall this device tell you of new messages while Hearth is closed?</b>
      <p>
        It says “You have a new message”, never what or from whom. Your browser asks once more. Choose this
        only on a device that is yours.
      </p>
      <div className={styles["acts"]} style={{ marginTop: 10 }}>
        <Button look="primary" autoFocus disabled={on.isPending} onClick={go}>
          Yes, turn it on
        </Button>
        <Button disabled={on.isPending} onClick={() => setAsking(false)}>
          Not now
        </Button>
      </div>
    </Callout>
  );
}

function Blocked() {
  return (
    <Callout tone="amber" icon="bell-off">
      <b>This browser blocks notifications from Hearth.</b> Only you can change that: press the sign to the
      left of the address, or open the browser’s settings for this site, allow notifications, and come back
      here. For an installed app look in your device’s settings under notifications.
    </Callout>
  );
}

const refusals: Record<PushRefused["why"], string> = {
  blocked: "The browser did not allow it.",
  later: "You have not decided yet. Nothing was changed.",
  no_worker: "A part of the app is still loading. Reload the page and try again.",
  no_service: "The browser could not reach its push service. Check your connection and try again.",
};

function Refused({ error }: { error: unknown }) {
  return (
    <Callout tone="danger" icon="circle-alert" live="alert">
      {error instanceof PushRefused ? refusals[error.why] : explain(error)}
    </Callout>
  );
}
