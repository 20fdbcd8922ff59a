import { memo } from "react";
import { useMe } from "../../api/session.ts";
import { isEmojiOnly } from "../../lib/markdown.ts";
import { clock, dateTime } from "../../lib/time.ts";
import { outbox } from "../../live/connection.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Markdown } from "../../ui/Markdown.tsx";
import { nameOf } from "./mentions.ts";
import type { BubbleRow } from "./rows.ts";
import { bubbleParts } from "./slots/message.ts";
import styles from "./Thread.module.css";

interface BubbleProps {
  row: BubbleRow;
  /** Whether authors must be named: more than two people write here. */
  named: boolean;
  community: boolean;
  receipt: string | null;
}

/** One message with what belongs to it: author, state, receipt. */
export const Bubble = memo(function Bubble({ row, named, community, receipt }: BubbleProps) {
  const side = row.out ? styles["out"] : styles["in"];
  return (
    <article
      className={cx(styles["mg"], side, row.first && styles["first"], row.last && styles["last"])}
      data-message-id={row.key}
      data-state={row.state}
      data-seq={row.seq ?? undefined}
      aria-label={`${row.own ? "You" : row.author}, ${dateTime(row.at)}`}
    >
      <Meta row={row} named={named} community={community} />
      {!row.out && row.last && <Avatar className={styles["avatar"]} name={row.author} size={32} />}
      <div className={styles["col"]}>
        <Body row={row} />
        {!row.deleted && bubbleParts.map((Part, i) => <Part key={i} row={row} />)}
        <Receipt row={row} text={receipt} />
      </div>
    </article>
  );
});

function Meta({ row, named, community }: Omit<BubbleProps, "receipt">) {
  if (!row.first) return null;
  const speaks = row.out ? !row.own || row.onBehalfOf !== null : named || row.onBehalfOf !== null;
  if (!speaks && !row.pause && !row.automatic) return null;
  return (
    <p className={styles["meta"]}>
      {speaks && (
        <span>
          <b>{row.own ? "You" : row.author}</b>
          {row.onBehalfOf && ` on behalf of ${row.onBehalfOf}`}
        </span>
      )}
      {community && row.staff && !row.own && <Tag tone="pine">Care team</Tag>}
      {row.automatic && <Tag>Automatic reply</Tag>}
      <time dateTime={row.at}>{clock(row.at)}</time>
    </p>
  );
}

function Body({ row }: { row: BubbleRow }) {
  if (row.deleted) {
    return (
      <div className={cx(styles["bubble"], styles["deleted"])}>
        <Icon name="ban" size={14} />
        {row.own ? "You deleted this message" : "This message was deleted"}
      </div>
    );
  }
  return (
    <div
      className={cx(styles["bubble"], row.state === "failed" && styles["failed"])}
      title={dateTime(row.at)}
    >
      <span data-body>
        <Words row={row} />
      </span>
      {row.edited && <span className={styles["edited"]}>Edited</span>}
    </div>
  );
}

function Words({ row }: { row: BubbleRow }) {
  const me = useMe();
  if (isEmojiOnly(row.body)) return <span className={styles["large"]}>{row.body}</span>;
  const mention = (user: string) => (
    <span className={cx(styles["mention"], user === me.user.id && styles["me"])}>
      @{nameOf(user, row.mentions)}
    </span>
  );
  return <Markdown body={row.body} mention={mention} />;
}

function Receipt({ row, text }: { row: BubbleRow; text: string | null }) {
  if (row.state === "failed") return <Failed row={row} />;
  if (!text) return null;
  const icon = text === "Read" ? "check-check" : row.state === "pending" ? "clock" : "check";
  return (
    <p className={cx(styles["receipt"], text === "Read" && styles["read"])}>
      <Icon name={icon} size={14} />
      {text}
    </p>
  );
}

function Failed({ row }: { row: BubbleRow }) {
  const off = row.code === "chat_unavailable";
  return (
    <p className={cx(styles["receipt"], styles["fail"])} role="alert">
      <Icon name="circle-alert" size={14} />
      {off ? "Messaging was turned off while you were writing. Your text is still here." : "Not sent."}
      <button type="button" onClick={() => outbox.retry(row.key)}>
        Try again
      </button>
      <button type="button" onClick={() => outbox.discard(row.key)}>
        Remove
      </button>
    </p>
  );
}
