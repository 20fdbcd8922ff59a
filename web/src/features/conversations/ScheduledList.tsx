import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";
import { useMe } from "../../api/session.ts";
import { conversationTitle } from "../../lib/people.ts";
import { Link } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { RowAvatar } from "./ConversationRow.tsx";
import { inboxHref } from "./filters.ts";
import styles from "./Inbox.module.css";
import { plainBody } from "./plain.ts";
import { useConversation } from "./queries.ts";

/** What one has written to be sent later, the next first. */
export function ScheduledList() {
  const list = useQuery({
    queryKey: ["scheduled", "list"],
    queryFn: () => ask(api.GET("/api/v1/scheduled", { params: { query: { limit: 100 } } })),
  });
  if (list.isPending) return <ListSkeleton label="Loading scheduled messages" />;
  if (!list.data)
    return <Failed what="your scheduled messages" error={list.error} retry={() => void list.refetch()} />;
  const waiting = (list.data.items ?? [])
    .filter((s) => s.state === "scheduled")
    .sort((a, b) => a.send_at.localeCompare(b.send_at));
  if (waiting.length === 0) {
    return (
      <Empty small title="Nothing is scheduled.">
        Messages you write to be sent later are listed here until they go.
      </Empty>
    );
  }
  return (
    <div className={styles["scroller"]}>
      <ul className={styles["convs"]} aria-label="Scheduled messages">
        {waiting.map((s) => (
          <Row key={s.id} conversationId={s.conversation_id} at={s.send_at} body={plainBody(s)} />
        ))}
      </ul>
    </div>
  );
}

function Row({ conversationId, at, body }: { conversationId: string; at: string; body: string }) {
  const me = useMe();
  const { data: c } = useConversation(conversationId);
  const title = c ? conversationTitle(c, me.user.id) : "…";
  return (
    <li>
      <Link className={styles["conv"]} href={inboxHref(conversationId)}>
        {c ? <RowAvatar conversation={c} title={title} meId={me.user.id} /> : <span />}
        <span>
          <span className={styles["top"]}>
            <span className={styles["who"]}>{title}</span>
          </span>
          <span className={styles["bot"]}>
            <span className={styles["prev"]}>
              <Icon name="calendar-clock" size={14} />
              <span>
                {dateTime(at)}: {body}
              </span>
            </span>
          </span>
        </span>
      </Link>
    </li>
  );
}
