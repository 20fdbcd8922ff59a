import { fieldError } from "../../api/client.ts";
import { can, useMe } from "../../api/session.ts";
import type { Unanswered } from "../../api/types.ts";
import { Link } from "../../lib/router.tsx";
import { hoursProblem, type Week } from "../../lib/week.ts";
import { Overtaken } from "../../ui/ChatSettingsPage.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { Loaded, Problem } from "../../ui/States.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { useSettings } from "../../ui/useSettings.tsx";
import { WeekFields } from "../../ui/WeekFields.tsx";
import { useSaveUnanswered, useUnanswered } from "./queries.ts";
import styles from "./Waiting.module.css";

const most = 240;

/** Settings > Unanswered messages: when staff are reminded of a client who waits. */
export function UnansweredPage() {
  const settings = useUnanswered();
  return (
    <Page
      title="Unanswered messages"
      lede="Tell someone when a client’s message has waited for too long. Waiting is counted while the practice is open."
      actions={
        <Link className="link" href="/reports/first-response">
          First response times
        </Link>
      }
      narrow
    >
      <Loaded query={settings} what="the settings">
        {(latest) => <SettingsCard latest={latest} />}
      </Loaded>
    </Page>
  );
}

function SettingsCard({ latest }: { latest: Unanswered }) {
  const saving = useSaveUnanswered();
  const form = useSettings(latest, saving, undefined, invalid);
  const { now } = form;
  const week: Week = { ...now.opening, hours: now.opening.weekly };
  return (
    <Card title="Reminders" footer={form.bar}>
      <Overtaken form={form} />
      <div className={styles["fields"]}>
        <SwitchSetting
          label="Remind staff of unanswered messages"
          help="Automatic replies are no answer. Nobody is reminded while the client’s chat is off, or once they are archived or the conversation is closed."
          on={now.on}
          onChange={(on) => form.set({ on })}
        />
        <Before latest={latest} on={now.on} />
        <div className={styles["two"]}>
          <HoursField
            label="Care team, after hours"
            hint="Hours of opening time since the client wrote."
            value={now.hours}
            error={fieldError(saving.error, "hours")}
            set={(hours) => form.set({ hours })}
          />
          <HoursField
            label="Shared queue, hours later"
            hint="Then everyone who sees the queue is told."
            value={now.queue_after_hours}
            error={fieldError(saving.error, "queue_after_hours")}
            set={(queue_after_hours) => form.set({ queue_after_hours })}
          />
        </div>
        <h3>Opening hours</h3>
        <WeekFields
          week={week}
          none="Closed"
          zoneError={fieldError(saving.error, "opening.time_zone")}
          set={({ time_zone, hours, holidays }) =>
            form.set({ opening: { time_zone, weekly: hours, holidays } })
          }
        />
        {now.on && now.opening.weekly.length === 0 && (
          <p className={styles["bad"]}>Say when somebody answers: waiting is counted in opening time.</p>
        )}
      </div>
      <Problem error={form.problem} />
    </Card>
  );
}

/** Whom nobody is reminded of: what was overdue before is marked and not told. */
function Before({ latest, on }: { latest: Unanswered; on: boolean }) {
  const me = useMe();
  const n = latest.overdue_before;
  if (on && !latest.on) {
    return (
      <p className={styles["note"]}>
        What is overdue already will be marked in the inbox. Nobody is reminded of it.
      </p>
    );
  }
  if (!latest.on || n === 0) return null;
  return (
    <p className={styles["note"]}>
      {n === 1
        ? "1 conversation that was overdue before reminders were switched on still waits. It is marked in the inbox, and nobody is reminded of it. "
        : `${n} conversations that were overdue before reminders were switched on still wait. They are marked in the inbox, and nobody is reminded of them. `}
      {can(me, "organization_inbox") && (
        <Link className="link" href="/inbox?show=waiting&inbox=organization">
          Show what is unanswered
        </Link>
      )}
    </p>
  );
}

function invalid(now: Unanswered): boolean {
  const bad = (n: number) => !Number.isInteger(n) || n < 1 || n > most;
  return (
    bad(now.hours) ||
    bad(now.queue_after_hours) ||
    now.opening.weekly.some((h) => hoursProblem(h) !== "") ||
    (now.on && now.opening.weekly.length === 0)
  );
}

interface HoursProps {
  label: string;
  hint: string;
  value: number;
  error: string | undefined;
  set(hours: number): void;
}

function HoursField({ label, hint, value, error, set }: HoursProps) {
  const wrong = !Number.isInteger(value) || value < 1 || value > most;
  return (
    <TextField
      label={label}
      hint={hint}
      type="number"
      inputMode="numeric"
      min={1}
      max={most}
      value={Number.isNaN(value) ? "" : value}
      error={wrong ? `From 1 to ${most} hours.` : error}
      onChange={(e) => set(e.target.valueAsNumber)}
    />
  );
}
