import { type BellNotice, noticeHref, noticeItems, useNotices } from "../../api/notices.ts";
import { Link } from "../../lib/router.tsx";
import { listTime } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Failed, ListSkeleton } from "../../ui/States.tsx";
import styles from "./Panel.module.css";
import { openNotice } from "./open.ts";
import { dropNotices } from "./toasts.ts";
import { noticeIcons, noticeWords } from "./words.ts";

/** The lines of the bell, with their empty, loading and failed states. */
export function NoticeList({ close }: { close(): void }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useNotices();
  const items = noticeItems(data);
  if (isPending) return <ListSkeleton rows={4} label="Loading notifications" />;
  if (!data) return <Failed what="your notifications" error={error} retry={() => void refetch()} />;
  if (items.length === 0) {
    return (
      <div className={styles["none"]}>
        <Icon name="bell" size={24} />
        <b>No notifications</b>
        <p>New messages that you have not seen are listed here.</p>
      </div>
    );
  }
  return (
    <>
      <ul aria-label="Notifications">
        {items.map((n) => (
          <li key={n.id}>
            <Line notice={n} close={close} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div className={styles["more"]}>
          <Button look="ghost" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </>
  );
}

function Line({ notice: n, close }: { notice: BellNotice; close(): void }) {
  return (
    <Link
      href={noticeHref(n)}
      className={cx(styles["item"], !n.read && styles["unread"])}
      data-notice-id={n.id}
      onClick={() => {
        openNotice(n);
        dropNotices((other) => other.id === n.id);
        close();
      }}
    >
      <span className={styles["mark"]}>
        <Icon name={noticeIcons[n.kind]} />
      </span>
      <span className={styles["words"]}>
        <b className="clip">{n.title}</b>
        <span>{noticeWords(n)}</span>
      </span>
      <span className={styles["side"]}>
        <time dateTime={n.at}>{listTime(n.at)}</time>
        {!n.read && (
          <span className={styles["dot"]}>
            <span className="sr">Unread</span>
          </span>
        )}
      </span>
    </Link>
  );
}
