import { type Delivery, useNotificationHistory } from "../../api/history.ts";
import { dateTime } from "../../lib/time.ts";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Loaded } from "../../ui/States.tsx";
import styles from "./Notifications.module.css";
import { channelWords, kindWords, stateWords, whyWords } from "./words.ts";

const tones: Record<Delivery["state"], "plain" | "pine" | "amber" | "danger"> = {
  waiting: "amber",
  sent: "pine",
  failed: "danger",
  bounced: "danger",
  dropped: "plain",
};

const icons: Record<Delivery["channel"], IconName> = { email: "mail", push: "monitor", in_app: "bell" };

/** What became of notifications, newest first: never what they were about. */
export function History({ clientId = "" }: { clientId?: string }) {
  const history = useNotificationHistory(clientId);
  const items = history.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  return (
    <Loaded
      query={history}
      what="the notification history"
      hidden={<p className="muted">You may not see this client’s notification history.</p>}
    >
      {() =>
        items.length === 0 ? (
          <p className="muted">Nothing was sent yet.</p>
        ) : (
          <>
            <ul className={styles["history"]} aria-label="Notification history">
              {items.map((d) => (
                <Line key={d.id} delivery={d} />
              ))}
            </ul>
            {history.hasNextPage && (
              <div className={styles["older"]}>
                <Button
                  look="ghost"
                  disabled={history.isFetchingNextPage}
                  onClick={() => void history.fetchNextPage()}
                >
                  Show older
                </Button>
              </div>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function Line({ delivery: d }: { delivery: Delivery }) {
  const why = whyWords(d.why);
  return (
    <li data-delivery={d.state}>
      <span className={styles["mark"]}>
        <Icon name={icons[d.channel]} />
      </span>
      <div>
        <b>
          {channelWords[d.channel]} · {kindWords[d.kind]}
        </b>
        <small>
          <time dateTime={d.at}>{dateTime(d.at)}</time>
          {why && ` · ${why}`}
        </small>
      </div>
      <Tag tone={tones[d.state]}>{stateWords[d.state]}</Tag>
    </li>
  );
}
