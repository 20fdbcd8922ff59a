import { useMemo, useState } from "react";
import type { Webhook, WebhookDelivery } from "../../api/types.ts";
import { dateTime } from "../../lib/time.ts";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import page from "../../ui/Page.module.css";
import { Empty, Failed, ListSkeleton, Problem } from "../../ui/States.tsx";
import { Segmented } from "../../ui/Switch.tsx";
import { say } from "../../ui/toast.ts";
import { type StateFilter, useDeliveries, useReplay } from "./queries.ts";
import styles from "./Webhooks.module.css";
import { answerText, attemptsText, deliveryState, eventLabel } from "./words.ts";

const filters: readonly { value: StateFilter; label: string }[] = [
  { value: "", label: "All" },
  { value: "waiting", label: "Waiting" },
  { value: "delivered", label: "Delivered" },
  { value: "failed", label: "Failed" },
];

/** What was and is to be sent to a webhook, of two weeks. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [state, setState] = useState<StateFilter>("");
  const deliveries = useDeliveries(webhook.id, state);
  const rows = useMemo(() => deliveries.data?.pages.flatMap((p) => p.items) ?? [], [deliveries.data]);
  return (
    <section className={page["card"]} aria-label="Deliveries">
      <header className={styles["head"]}>
        <div>
          <h2>Deliveries</h2>
          <p>Kept for 14 days. One that fails is tried again for a day, later and later.</p>
        </div>
        <Segmented<StateFilter>
          label="Which deliveries"
          value={state}
          options={filters}
          onChange={setState}
        />
      </header>
      {deliveries.isPending ? (
        <ListSkeleton rows={4} label="Loading the deliveries" />
      ) : deliveries.isError && rows.length === 0 ? (
        <Failed what="the deliveries" error={deliveries.error} retry={() => void deliveries.refetch()} />
      ) : rows.length === 0 ? (
        <Empty small title={state ? "None of these." : "Nothing was sent yet."}>
          {state ? "Choose All to see the others." : "Send a test, or wait until something happens."}
        </Empty>
      ) : (
        <Table webhook={webhook} rows={rows} />
      )}
      {deliveries.hasNextPage && (
        <div className={page["foot"]}>
          <Button disabled={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
            {deliveries.isFetchingNextPage ? "Loading…" : "Show older deliveries"}
          </Button>
        </div>
      )}
    </section>
  );
}

function Table({ webhook, rows }: { webhook: Webhook; rows: readonly WebhookDelivery[] }) {
  const replay = useReplay(webhook.id);
  const send = (d: WebhookDelivery) =>
    replay.mutate(d, { onSuccess: () => say("It is sent again, with the same id.") });
  return (
    <>
      {replay.error && (
        <div className={styles["problem"]}>
          <Problem error={replay.error} />
        </div>
      )}
      <table className={`${page["table"]} ${styles["table"]}`}>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">State</th>
            <th scope="col">Answer</th>
            <th scope="col">
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((d) => (
            <Row
              key={d.id}
              delivery={d}
              again={webhook.active && d.state !== "sending"}
              busy={replay.isPending}
              send={() => send(d)}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  delivery: WebhookDelivery;
  again: boolean;
  busy: boolean;
  send(): void;
}

function Row({ delivery, again, busy, send }: RowProps) {
  const state = deliveryState(delivery);
  const label = eventLabel(delivery.type);
  return (
    <tr data-delivery-id={delivery.id}>
      <td>
        <b>{label}</b>
        <small>
          <time dateTime={delivery.at}>{dateTime(delivery.at)}</time>
        </small>
        <code>{delivery.id}</code>
      </td>
      <td>
        <Tag tone={state.tone}>{state.label}</Tag>
      </td>
      <td>
        {answerText(delivery)}
        <small>{attemptsText(delivery)}</small>
      </td>
      <td>
        {again && (
          <Button
            size="small"
            disabled={busy}
            aria-label={`Send again: ${label}, ${dateTime(delivery.at)}`}
            onClick={send}
          >
            Send again
          </Button>
        )}
      </td>
    </tr>
  );
}
