import { lazy, Suspense, useEffect, useState } from "react";
import type { Blast } from "../../api/types.ts";
import { explain } from "../../api/client.ts";
import { useMe } from "../../api/session.ts";
import { Link } from "../../lib/router.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Blasts.module.css";
import { MessageCard } from "./MessageCard.tsx";
import { ProgressCard } from "./ProgressCard.tsx";
import { type Act, useAct } from "./queries.ts";
import { RecipientsCard, SkippedCard } from "./RecipientsCard.tsx";
import { takeBack } from "./takeBack.ts";
import { aboutWords, isStarting, stateTones, stateWords } from "./words.ts";

const CancelDialog = lazy(async () => ({ default: (await import("./CancelDialog.tsx")).CancelDialog }));

/** What became of a blast, while it goes out and for good. */
export function BlastReport({ blast: b }: { blast: Blast }) {
  const zone = useMe().organization.time_zone;
  return (
    <div className={styles["page"]}>
      <header className={styles["pageHead"]}>
        <div>
          <BackToList />
          <h1>{b.title}</h1>
          <p>{aboutWords(b, zone)}</p>
        </div>
        <Actions blast={b} />
      </header>
      <div className={styles["cards"]}>
        <ProgressCard blast={b} />
        {b.skipped > 0 && <SkippedCard blast={b} />}
        <RecipientsCard blast={b} />
        <MessageCard blast={b} />
      </div>
    </div>
  );
}

/** On a phone the list is not beside it. */
export function BackToList() {
  return (
    <Link href="/blasts" className={styles["back"]}>
      <Icon name="chevron-left" size={18} />
      Blasts
    </Link>
  );
}

function Actions({ blast: b }: { blast: Blast }) {
  const act = useAct(b.id);
  const [asking, setAsking] = useState(false);
  const left = useGrace(isStarting(b) ? b.grace_until : null);
  const doIt = (what: Act, done: string) =>
    act.mutate(what, { onSuccess: () => say(done), onError: (error) => say(explain(error)) });
  if (left > 0)
    return (
      <div className={styles["acts"]}>
        <span className={styles["grace"]} aria-hidden="true">
          Starts in {left} s
        </span>
        <Button onClick={() => void takeBack(b)}>Take it back</Button>
      </div>
    );
  const { pause, resume, cancel } = b.may;
  return (
    <div className={styles["acts"]}>
      {!pause && !resume && !cancel && <Tag tone={stateTones[b.state]}>{stateWords[b.state]}</Tag>}
      {pause && (
        <Button icon="pause" disabled={act.isPending} onClick={() => doIt("pause", "Paused.")}>
          Pause
        </Button>
      )}
      {resume && (
        <Button
          look="primary"
          icon="play"
          disabled={act.isPending}
          onClick={() => doIt("resume", "Sending goes on.")}
        >
          Resume
        </Button>
      )}
      {cancel && (
        <Button look="dangerQuiet" onClick={() => setAsking(true)}>
          Cancel the rest
        </Button>
      )}
      {asking && (
        <Suspense>
          <CancelDialog blast={b} close={() => setAsking(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** How many seconds are left in which it can be taken back whole. */
function useGrace(until: string | null): number {
  const [now, setNow] = useState(Date.now);
  const end = until ? Date.parse(until) : 0;
  const left = Math.max(0, Math.ceil((end - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [left]);
  return left;
}
