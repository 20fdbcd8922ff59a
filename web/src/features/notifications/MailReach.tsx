import { type MailReach as Reach, useMailReach, useTryMailAgain } from "../../api/reach.ts";
import { isClient, useMe } from "../../api/session.ts";
import { dateTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import styles from "./MailReach.module.css";

const reasons: Record<NonNullable<Reach["why"]>, string> = {
  no_mailbox: "The other mail server says that there is no such address.",
  returned: "Several in a row came back.",
};

/** That mails do not reach somebody, with a way on; nothing where they do. */
export function MailReach({ clientId = "" }: { clientId?: string }) {
  const { data: reach } = useMailReach(clientId);
  const again = useTryMailAgain(clientId);
  if (reach?.reachable === false) {
    return (
      <div className={styles["reach"]}>
        <Callout tone="amber" icon="mail">
          <p>
            <b>Mail does not reach {clientId ? "this client" : "you"}.</b> {reach.why && reasons[reach.why]}{" "}
            No more notification mails are sent. <Way clientId={clientId} />
          </p>
          {reach.since && <small className={styles["since"]}>Stopped · {dateTime(reach.since)}</small>}
          <Button size="small" icon="rotate-cw" disabled={again.isPending} onClick={() => again.mutate()}>
            Try again
          </Button>
          <Problem error={again.error} />
        </Callout>
      </div>
    );
  }
  if (!again.isSuccess) return null;
  return (
    <div className={styles["reach"]}>
      <Callout tone="pine" icon="check" live="status">
        Mail is tried again from the next notification on.
      </Callout>
    </div>
  );
}

/** What to do when the address is wrong. */
function Way({ clientId }: { clientId: string }) {
  const client = isClient(useMe());
  if (clientId)
    return "If the email address is wrong, correct it in their profile; if it is right, try again.";
  const who = client ? "ask your practice" : "ask who manages your team";
  return `If your email address is wrong, ${who} to correct it; if it is right, try again.`;
}
