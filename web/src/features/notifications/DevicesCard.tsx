import { useQuery } from "@tanstack/react-query";
import { explain } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import { type PushDevice, usePush, useRemoveDevice, useTestPush } from "../../api/push.ts";
import { deviceName } from "../../lib/device.ts";
import { type PushStanding, pushStanding } from "../../lib/push.ts";
import { count } from "../../lib/text.ts";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Card } from "../../ui/Page.tsx";
import { Loaded } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Notifications.module.css";
import { ThisDevice } from "./ThisDevice.tsx";

/** How push stands in this browser; asked again when it was changed here or the page is come back to. */
function useStanding() {
  return useQuery({
    queryKey: [...keys.push, "standing"],
    queryFn: pushStanding,
    staleTime: 0,
    refetchOnWindowFocus: "always",
  });
}

/** Which devices are told while the app is closed. */
export function DevicesCard() {
  const push = usePush();
  const standing = useStanding();
  return (
    <Card
      title="Push on your devices"
      lede="Says “You have a new message” while Hearth is closed, and nothing else."
    >
      <Loaded query={push} what="your devices">
        {({ public_key, subscriptions }) => (
          <>
            {standing.data && (
              <ThisDevice
                standing={public_key ? known(standing.data, subscriptions ?? []) : "unsupported"}
                publicKey={public_key}
              />
            )}
            <Devices all={subscriptions ?? []} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

/** A browser whose device was removed elsewhere still believes that it has push. */
function known(standing: PushStanding, all: readonly PushDevice[]): PushStanding {
  return standing === "on" && !all.some((d) => d.device === deviceName()) ? "off" : standing;
}

export function testWords(devices: number, taken: number): string {
  if (taken === devices) return `Sent to ${count(devices, "device")}. It should be there within a minute.`;
  return `${taken} of ${count(devices, "device")} could be reached.`;
}

function Devices({ all }: { all: readonly PushDevice[] }) {
  const test = useTestPush();
  if (all.length === 0) return <p className="muted">None of your devices gets push.</p>;
  const send = () =>
    test.mutate(undefined, {
      onSuccess: ({ devices, taken }) => say(testWords(devices, taken)),
      onError: (error) => say(explain(error)),
    });
  return (
    <>
      <ul className={styles["devices"]} aria-label="Devices with push">
        {all.map((d) => (
          <Device key={d.id} device={d} />
        ))}
      </ul>
      <div className={styles["acts"]}>
        <Button icon="bell" aria-disabled={test.isPending} onClick={() => !test.isPending && send()}>
          Send a test
        </Button>
      </div>
    </>
  );
}

function Device({ device: d }: { device: PushDevice }) {
  const remove = useRemoveDevice();
  const go = () =>
    remove.mutate(d.id, {
      onSuccess: () => say(`${d.device} gets no push any more.`),
      onError: (error) => say(explain(error)),
    });
  return (
    <li data-push-device={d.id}>
      <Icon name="monitor" />
      <div>
        <b>{d.device}</b>
        <small>
          Since {dateTime(d.created_at)}
          {d.last_sent_at ? ` · last used ${dateTime(d.last_sent_at)}` : " · not used yet"}
        </small>
      </div>
      <Button size="small" aria-label={`Remove ${d.device}`} disabled={remove.isPending} onClick={go}>
        Remove
      </Button>
    </li>
  );
}
