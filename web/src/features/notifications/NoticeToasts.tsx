import { type BellNotice, noticeHref } from "../../api/notices.ts";
import { Link } from "../../lib/router.tsx";
import { useStore } from "../../lib/store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { useTimer } from "../../ui/useTimer.ts";
import { openNotice } from "./open.ts";
import styles from "./NoticeToasts.module.css";
import { dropNotices, noticeToasts } from "./toasts.ts";
import { noticeIcons, noticeWords } from "./words.ts";

/** How long one stays in sight. */
const shownFor = 8_000;

/** What has just come, away from where one writes. Silent: the messages themselves are read out. */
export function NoticeToasts() {
  const shown = useStore(noticeToasts, (all) => all);
  if (shown.length === 0) return null;
  return (
    <section className={styles["stack"]} aria-label="New notifications">
      {shown.map((n) => (
        <Toast key={`${n.id}:${n.at}:${n.count}`} notice={n} />
      ))}
    </section>
  );
}

function Toast({ notice: n }: { notice: BellNotice }) {
  const drop = () => dropNotices((other) => other.id === n.id);
  const timer = useTimer(shownFor, drop);
  return (
    <div
      className={styles["toast"]}
      data-notice-id={n.id}
      onKeyDown={(event) => event.key === "Escape" && drop()}
      {...timer}
    >
      <Link
        href={noticeHref(n)}
        onClick={() => {
          drop();
          openNotice(n);
        }}
      >
        <span className={styles["mark"]}>
          <Icon name={noticeIcons[n.kind]} />
        </span>
        <span className={styles["words"]}>
          <b className="clip">{n.title}</b>
          <span>{noticeWords(n)}</span>
        </span>
      </Link>
      <IconButton label={`Dismiss: ${n.title}`} icon="x" iconSize={16} onClick={drop} />
    </div>
  );
}
