import { lazy, Suspense, useState } from "react";
import type { Webhook, WebhookSecret } from "../../api/types.ts";
import { Link, navigate } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Callout, Empty, Loaded } from "../../ui/States.tsx";
import { useWebhooks } from "./queries.ts";
import styles from "./Webhooks.module.css";
import { hostOf, nameOf, stateOf } from "./words.ts";

const WebhookDialog = lazy(async () => ({ default: (await import("./WebhookDialog.tsx")).WebhookDialog }));
const SecretDialog = lazy(async () => ({ default: (await import("./SecretDialog.tsx")).SecretDialog }));

/** As many as the server keeps for a practice. */
const most = 20;

/** Settings > Webhooks: which other programs are told what happens. */
export function WebhooksPage() {
  const webhooks = useWebhooks();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<WebhookSecret | null>(null);
  const full = (webhooks.data?.length ?? 0) >= most;
  const add = (
    <Button look="primary" icon="plus" disabled={full} onClick={() => setAdding(true)}>
      New webhook
    </Button>
  );
  return (
    <Page
      narrow
      title="Webhooks"
      lede="Tell other programs what happens in Hearth. They are sent ids, never what people wrote, names or addresses."
      above={<div className={page["crumbs"]}>Settings</div>}
      actions={webhooks.data && webhooks.data.length > 0 && add}
    >
      {full && <Callout>There are {most} webhooks. Delete one to make another.</Callout>}
      <section className={page["card"]} aria-label="Webhooks">
        <Loaded query={webhooks} what="the webhooks">
          {(all) =>
            all.length === 0 ? (
              <Empty small icon="webhook" title="No webhooks yet." actions={add}>
                A webhook is an address of another program. Hearth calls it when something happens that you
                choose.
              </Empty>
            ) : (
              <ul className={styles["list"]} aria-label="All webhooks">
                {all.map((w) => (
                  <Row key={w.id} webhook={w} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <Suspense>
        {adding && <WebhookDialog close={() => setAdding(false)} made={setMade} />}
        {made && (
          <SecretDialog
            made={made}
            close={() => {
              setMade(null);
              navigate(`/settings/webhooks/${made.webhook.id}`);
            }}
          />
        )}
      </Suspense>
    </Page>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const state = stateOf(webhook);
  const { last } = webhook;
  return (
    <li>
      <div>
        <Link href={`/settings/webhooks/${webhook.id}`}>{nameOf(webhook)}</Link>
        <p className="clip">{webhook.description ? hostOf(webhook.url) : webhook.url}</p>
      </div>
      <div className={styles["state"]}>
        <Tag tone={state.tone}>{state.label}</Tag>
        <small>
          {last
            ? `${last.state === "delivered" ? "Delivered" : "Failed"} ${dateTime(last.at)}`
            : "Nothing sent yet"}
        </small>
      </div>
    </li>
  );
}
