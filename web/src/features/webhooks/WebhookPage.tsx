import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Webhook, WebhookSecret } from "../../api/types.ts";
import { Link, navigate } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Tag } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Callout, Empty, Loaded, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { Deliveries } from "./Deliveries.tsx";
import { deleteWebhook, useChangeWebhook, useNewSecret, useTestWebhook, useWebhooks } from "./queries.ts";
import styles from "./Webhooks.module.css";
import { answerText, eventLabel, nameOf, stateOf, trouble } from "./words.ts";

const WebhookDialog = lazy(async () => ({ default: (await import("./WebhookDialog.tsx")).WebhookDialog }));
const SecretDialog = lazy(async () => ({ default: (await import("./SecretDialog.tsx")).SecretDialog }));
const AskDialog = lazy(async () => ({ default: (await import("../../ui/AskDialog.tsx")).AskDialog }));

/** One webhook: what it is told, how that went, and what can be done about it. */
export function WebhookPage({ params }: { params: Record<string, string> }) {
  const webhooks = useWebhooks();
  const webhook = webhooks.data?.find((w) => w.id === params["id"]);
  return (
    <Page
      narrow
      title={webhook ? nameOf(webhook) : "Webhook"}
      above={
        <nav className={page["crumbs"]} aria-label="Breadcrumb">
          Settings <span aria-hidden="true">›</span> <Link href="/settings/webhooks">Webhooks</Link>
        </nav>
      }
    >
      <Loaded query={webhooks} what="the webhook">
        {() => (webhook ? <Shown key={webhook.id} webhook={webhook} /> : <Gone />)}
      </Loaded>
    </Page>
  );
}

function Gone() {
  return (
    <Empty
      icon="webhook"
      title="There is no such webhook"
      actions={<ButtonLink href="/settings/webhooks">All webhooks</ButtonLink>}
    >
      Someone may have deleted it.
    </Empty>
  );
}

function Shown({ webhook }: { webhook: Webhook }) {
  const wrong = trouble(webhook);
  return (
    <>
      {wrong && (
        <div className={styles["trouble"]}>
          <Callout tone="danger" icon="circle-alert" live="status">
            <b>{wrong.title}</b> {wrong.text}
          </Callout>
        </div>
      )}
      <Facts webhook={webhook} />
      <Test webhook={webhook} />
      <Deliveries webhook={webhook} />
    </>
  );
}

type Asked = "edit" | "secret" | "delete" | null;

function Facts({ webhook }: { webhook: Webhook }) {
  const [asked, setAsked] = useState<Asked>(null);
  const change = useChangeWebhook();
  const state = stateOf(webhook);
  const turn = () =>
    change.mutate(
      { id: webhook.id, version: webhook.version, active: !webhook.active },
      { onSuccess: (now) => say(now.active ? "Webhook switched on." : "Webhook switched off.") },
    );
  return (
    <Card
      title="What it is told"
      aside={<Tag tone={state.tone}>{state.label}</Tag>}
      footer={
        <>
          <Button look={webhook.active ? "outline" : "primary"} disabled={change.isPending} onClick={turn}>
            {webhook.active ? "Switch off" : "Switch on"}
          </Button>
          <Button icon="pencil" onClick={() => setAsked("edit")}>
            Edit
          </Button>
          <Button icon="key-round" onClick={() => setAsked("secret")}>
            New secret
          </Button>
          <Button look="dangerQuiet" className={styles["last"]} onClick={() => setAsked("delete")}>
            Delete
          </Button>
        </>
      }
    >
      <dl className={page["kv"]}>
        <Fact name="Address">{webhook.url}</Fact>
        <Fact name="Called when">{webhook.events.map(eventLabel).join(", ")}</Fact>
        <Fact name="Made">{dateTime(webhook.created_at)}</Fact>
        {webhook.old_secret_until && (
          <Fact name="Secret">The one before works until {dateTime(webhook.old_secret_until)}</Fact>
        )}
      </dl>
      <Problem error={change.error} />
      <Dialogs webhook={webhook} asked={asked} close={() => setAsked(null)} />
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Dialogs({ webhook, asked, close }: { webhook: Webhook; asked: Asked; close(): void }) {
  const [made, setMade] = useState<WebhookSecret | null>(null);
  const fresh = useNewSecret();
  return (
    <Suspense>
      {asked === "edit" && <WebhookDialog webhook={webhook} close={close} />}
      {asked === "secret" && (
        <AskDialog
          title="Make a new secret?"
          verb="Make a new secret"
          act={async () => setMade(await fresh.mutateAsync(webhook.id))}
          close={close}
        >
          <p>
            Calls are signed with both for 24 hours. Put the new one into the other program within that time.
          </p>
        </AskDialog>
      )}
      {asked === "delete" && (
        <AskDialog
          title={`Delete ${nameOf(webhook)}?`}
          verb="Delete webhook"
          act={async () => {
            await deleteWebhook(webhook.id);
            say("Webhook deleted.");
            navigate("/settings/webhooks");
          }}
          close={close}
        >
          <p>Nothing more is sent to it, and what waits is dropped.</p>
        </AskDialog>
      )}
      {made && <SecretDialog made={made} close={() => setMade(null)} />}
    </Suspense>
  );
}

function Test({ webhook }: { webhook: Webhook }) {
  const test = useTestWebhook();
  const { data } = test;
  return (
    <Card
      title="Test"
      lede="Calls the address now with an event of its own, whether the webhook is on or off."
      aside={
        <Button disabled={test.isPending} onClick={() => test.mutate(webhook.id)}>
          {test.isPending ? "Calling…" : "Send a test"}
        </Button>
      }
    >
      {data && !test.isPending ? (
        data.state === "delivered" ? (
          <Callout tone="pine" icon="circle-check" live="status">
            <b>It works.</b> {answerText(data)}.
          </Callout>
        ) : (
          <Callout tone="danger" icon="circle-alert" live="status">
            <b>The test failed.</b> {answerText(data)}. A success is an answer from 200 to 299.
          </Callout>
        )
      ) : (
        !test.error && <p className="muted">The answer is shown here.</p>
      )}
      <Problem error={test.error} />
    </Card>
  );
}
