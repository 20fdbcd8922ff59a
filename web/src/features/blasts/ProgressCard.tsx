import type { Blast } from "../../api/types.ts";
import { Bar } from "../../ui/Bar.tsx";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import styles from "./Blasts.module.css";
import { leftWords, percent, sumWords, toSend } from "./words.ts";

/** The bar with its numbers. */
export function ProgressCard({ blast: b }: { blast: Blast }) {
  const of = toSend(b);
  const running = b.state === "sending";
  return (
    <section className={styles["card"]} aria-label="Progress">
      <div className={styles["pad"]}>
        <div className={styles["progressHead"]}>
          <h2>
            {b.sent.toLocaleString("en-US")} <span>/ {of.toLocaleString("en-US")} sent</span>
          </h2>
          <span>{running ? leftWords(b.seconds_left) : ""}</span>
        </div>
        <Bar done={b.sent} of={of} label="Messages sent" />
        <dl className={styles["stats"]}>
          <Stat icon="check" name="Sent" value={b.sent} />
          <Stat icon="eye" name="Read" value={b.read} more={b.sent > 0 ? percent(b.read, b.sent) : ""} />
          <Stat icon="reply" name="Replied" value={b.replied} />
          <Stat icon="clock" name="Waiting" value={b.pending} />
        </dl>
      </div>
      <footer>{sumWords(b)}</footer>
    </section>
  );
}

interface StatProps {
  icon: IconName;
  name: string;
  value: number;
  more?: string;
}

function Stat({ icon, name, value, more }: StatProps) {
  return (
    <div>
      <dt>
        <Icon name={icon} size={14} />
        {name}
      </dt>
      <dd>
        {value.toLocaleString("en-US")} {more && <small>{more}</small>}
      </dd>
    </div>
  );
}
