import { explain } from "../../api/client.ts";
import { useDeviceHere, usePush } from "../../api/push.ts";
import { Card } from "../../ui/Page.tsx";
import { Loaded } from "../../ui/States.tsx";
import { Device } from "./Device.tsx";
import styles from "./Notifications.module.css";
import { ThisDevice } from "./ThisDevice.tsx";

/** Which devices are told while the app is closed. */
export function DevicesCard() {
  const push = usePush();
  const here = useDeviceHere();
  return (
    <Card
      title="Push on your devices"
      lede="Says “You have a new message” while Hearth is closed, and nothing else."
    >
      <Loaded query={push} what="your devices">
        {({ public_key, subscriptions }) => (
          <>
            {here.error && <p className="muted">{explain(here.error)}</p>}
            {here.data && (
              <ThisDevice standing={public_key ? here.data.standing : "unsupported"} publicKey={public_key} />
            )}
            {subscriptions?.length ? (
              <ul className={styles["devices"]} aria-label="Devices with push">
                {subscriptions.map((d) => (
                  <Device key={d.id} device={d} here={d.id === here.data?.device?.id} />
                ))}
              </ul>
            ) : (
              <p className="muted">None of your devices gets push.</p>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
