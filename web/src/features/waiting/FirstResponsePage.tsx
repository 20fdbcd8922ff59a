import { useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import type { FirstResponse } from "../../api/types.ts";
import { Link, setParams, useParam } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { shortDate } from "../../lib/time.ts";
import { duration } from "../../lib/waits.ts";
import { SelectField } from "../../ui/Field.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { Empty, Loaded } from "../../ui/States.tsx";
import { Plot } from "./Plot.tsx";
import { useFirstResponse } from "./queries.ts";
import styles from "./Waiting.module.css";

const spans = [4, 12, 26, 52];

/** Reports > First response: how long clients waited for an answer, week by week. */
export function FirstResponsePage() {
  const me = useMe();
  const all = can(me, "organization_inbox");
  const own = me.user.id ?? "";
  const chosen = useParam("provider");
  const provider = all ? chosen : own;
  const said = Number(useParam("weeks"));
  const weeks = spans.includes(said) ? said : 12;
  const report = useFirstResponse(weeks, provider);
  const query = new URLSearchParams({ weeks: String(weeks), ...(provider && { provider_id: provider }) });
  return (
    <Page
      title="First response times"
      lede="How long clients waited for an answer, counted while the practice is open. Automatic replies are no answer."
      actions={
        <a className="link" href={`/api/v1/reports/first-response.csv?${query.toString()}`} download>
          Download CSV
        </a>
      }
      narrow
    >
      <div className={styles["filters"]}>
        {all && <ProviderField value={chosen} />}
        <SelectField
          label="Weeks"
          value={String(weeks)}
          onChange={(e) => setParams({ weeks: e.target.value === "12" ? "" : e.target.value })}
        >
          {spans.map((n) => (
            <option key={n} value={n}>
              Last {n} weeks
            </option>
          ))}
        </SelectField>
      </div>
      <Loaded query={report} what="the report">
        {(r) => <Result report={r} />}
      </Loaded>
      {can(me, "manage_settings") && (
        <p className={styles["after"]}>
          <Link className="link" href="/settings/unanswered">
            Goal, reminders and opening hours
          </Link>
        </p>
      )}
    </Page>
  );
}

function ProviderField({ value }: { value: string }) {
  const staff = useStaff();
  return (
    <SelectField
      label="Primary provider of the client"
      value={value}
      onChange={(e) => setParams({ provider: e.target.value })}
    >
      <option value="">Everybody</option>
      {(staff.data ?? []).map((s) => (
        <option key={s.id} value={s.id}>
          {s.name}
        </option>
      ))}
    </SelectField>
  );
}

function Result({ report }: { report: FirstResponse }) {
  const weeks = report.weeks ?? [];
  if (!weeks.some((w) => w.answered + w.open + w.needs_no_answer > 0)) {
    return (
      <Empty small icon="clock" title="Nothing was asked">
        Clients wrote nothing in these weeks that waits or waited for an answer.
      </Empty>
    );
  }
  return (
    <>
      <Card
        title="By week"
        lede={`The goal is an answer within ${count(report.goal_hours, "opening hour")}.`}
      >
        <Plot report={report} />
      </Card>
      <Card title="The numbers">
        <Weeks weeks={weeks} />
      </Card>
    </>
  );
}

type Week = NonNullable<FirstResponse["weeks"]>[number];

const columns: readonly [title: string, of: (w: Week) => number | string][] = [
  ["Answered", (w) => w.answered],
  ["Open", (w) => w.open],
  ["No answer needed", (w) => w.needs_no_answer],
  ["Median", (w) => (w.median_minutes === null ? "–" : duration(w.median_minutes))],
  ["9 in 10 within", (w) => (w.p90_minutes === null ? "–" : duration(w.p90_minutes))],
  ["Within the goal", (w) => (w.within_goal === null ? "–" : `${Math.round(w.within_goal * 100)} %`)],
];

/** The roles stand there because on a phone, where each week is a card, the elements are no table any more. */
function Weeks({ weeks }: { weeks: readonly Week[] }) {
  return (
    <table role="table" aria-label="First response times by week" className={styles["table"]}>
      <thead role="rowgroup">
        <tr role="row">
          {["Week of", ...columns.map(([title]) => title)].map((title) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {weeks.toReversed().map((w) => (
          <tr key={w.week} role="row">
            <th role="rowheader" scope="row">
              {shortDate(`${w.from}T12:00:00Z`, new Date(), "UTC")}
            </th>
            {columns.map(([title, of]) => (
              <td key={title} role="cell" data-title={title}>
                {of(w)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
