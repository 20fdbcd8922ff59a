import { memo, Suspense, useRef, useState } from "react";
import { useMe } from "../../api/session.ts";
import { isEmojiOnly } from "../../lib/markdown.ts";
import { clock, dateTime } from "../../lib/time.ts";
import { outbox } from "../../live/connection.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Markdown } from "../../ui/Markdown.tsx";
import type { BubbleRow } from "./bubbleRow.ts";
import { MessageTools } from "./MessageTools.tsx";
import { useActs } from "./messageActs.ts";
import { Quote } from "./Quote.tsx";
import { Reactions } from "./Reactions.tsx";
import { fileParts, ofBlast as OfBlast } from "./slots/message.ts";
import styles from "./Thread.module.css";
import { useTouch } from "./useTouch.ts";

interface BubbleProps {
  row: BubbleRow;
  /** Whether authors must be named: more than two people write here. */
  named: boolean;
  community: boolean;
  receipt: string | null;
}

/** One message with what belongs to it: author, quote, files, reactions, state, receipt. */
export const Bubble = memo(function Bubble({ row, named, community, receipt }: BubbleProps) {
  const acts = useActs();
  const article = useRef<HTMLElement>(null);
  const [active, setActive] = useState(false);
  const stored = row.message !== null && !row.deleted;
  const touch = useTouch(article, {
    reply: stored && acts.mayWrite ? () => acts.reply(row.key) : null,
    menu: stored ? () => article.current && acts.menu(row.key, article.current) : null,
  });
  const side = row.out ? styles["out"] : styles["in"];
  return (
    <article
      ref={article}
      className={cx(styles["mg"], side, row.first && styles["first"], row.last && styles["last"])}
      data-message-id={row.key}
      data-state={row.state}
      data-seq={row.seq ?? undefined}
      aria-label={`${row.own ? "You" : row.author}, ${dateTime(row.at)}`}
      tabIndex={-1}
      onPointerEnter={(event) => event.pointerType === "mouse" && setActive(true)}
      onPointerLeave={() => setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setActive(false)}
      {...touch}
    >
      <Meta row={row} named={named} community={community} />
      {!row.out && row.last && <Avatar className={styles["avatar"]} name={row.author} size={32} />}
      <div className={styles["col"]}>
        <div className={styles["line"]}>
          <Body row={row} community={community} />
          {active && stored && <MessageTools id={row.key} mayWrite={acts.mayWrite} article={article} />}
        </div>
        {!row.deleted && row.attachments.length > 0 && (
          <Suspense>
            {fileParts.map((Part, i) => (
              <Part key={i} row={row} />
            ))}
          </Suspense>
        )}
        {row.message && <Reactions message={row.message} />}
        {row.message?.blast_id && (
          <Suspense>
            <OfBlast blastId={row.message.blast_id} />
          </Suspense>
        )}
        <Receipt row={row} text={receipt} />
      </div>
    </article>
  );
}, sameBubble);

/** Rows are made anew whenever anything in a thread changes; most of them say the same as before. */
function sameBubble(a: BubbleProps, b: BubbleProps): boolean {
  if (a.named !== b.named || a.community !== b.community || a.receipt !== b.receipt) return false;
  const rest = (Object.keys(a.row) as (keyof BubbleRow)[]).filter((k) => k !== "quote");
  return rest.every((k) => Object.is(a.row[k], b.row[k])) && sameQuote(a.row.quote, b.row.quote);
}

function sameQuote(a: BubbleRow["quote"], b: BubbleRow["quote"]): boolean {
  if (a === b || !a || !b) return a === b;
  if (!("body" in a) || !("body" in b)) return a.id === b.id && "body" in a === "body" in b;
  return a.id === b.id && a.body === b.body && a.deleted === b.deleted;
}

function Meta({ row, named, community }: Omit<BubbleProps, "receipt">) {
  if (!row.first) return null;
  const speaks = row.out ? !row.own || row.onBehalfOf !== null : named || row.onBehalfOf !== null;
  if (!speaks && !row.pause && !row.automatic) return null;
  return (
    <p className={styles["meta"]}>
      {speaks && (
        <span>
          {row.automatic && row.authorId === null ? <Practice /> : <b>{row.own ? "You" : row.author}</b>}
          {row.onBehalfOf && ` on behalf of ${row.onBehalfOf}`}
        </span>
      )}
      {community && row.staff && !row.own && <Tag tone="pine">Care team</Tag>}
      {row.automatic && <Tag>Automatic reply</Tag>}
      <time dateTime={row.at}>{clock(row.at)}</time>
    </p>
  );
}

/** What the program writes by itself, it writes for the practice. */
function Practice() {
  return <b>{useMe().organization.name}</b>;
}

function Body({ row, community }: { row: BubbleRow; community: boolean }) {
  if (row.deleted) {
    const when = row.message?.deleted_at ? ` at ${clock(row.message.deleted_at)}` : "";
    // In a community the care team may have taken it away.
    const own = row.own && !community;
    return (
      <div className={cx(styles["bubble"], styles["deleted"])}>
        <Icon name="ban" size={14} />
        {own ? `You deleted this message${when}` : `This message was deleted${when}`}
      </div>
    );
  }
  if (row.body === "" && !row.quote) return null;
  const large = !row.quote && isEmojiOnly(row.body);
  return (
    <div
      className={cx(styles["bubble"], row.state === "failed" && styles["failed"], large && styles["bare"])}
      title={dateTime(row.at)}
    >
      {row.quote && <Quote quote={row.quote} of={row.message} />}
      <span data-body className={cx(large && styles["large"])}>
        {large ? row.body : <Words row={row} />}
      </span>
      {row.edited && <Edited row={row} />}
    </div>
  );
}

function Words({ row }: { row: BubbleRow }) {
  const me = useMe();
  const { nameOf } = useActs();
  const mention = (user: string) => (
    <span className={cx(styles["mention"], user === me.user.id && styles["me"])}>
      @{nameOf(user, row.mentions)}
    </span>
  );
  return <Markdown body={row.body} mention={mention} />;
}

function Edited({ row }: { row: BubbleRow }) {
  const acts = useActs();
  if (!acts.mayReadVersions) return <span className={styles["edited"]}>Edited</span>;
  return (
    <button
      type="button"
      className={styles["edited"]}
      title="What it said before"
      onClick={() => acts.versions(row.key)}
    >
      Edited
    </button>
  );
}

function Receipt({ row, text }: { row: BubbleRow; text: string | null }) {
  if (row.state === "failed") return <Failed row={row} />;
  if (!text) return null;
  const read = text.startsWith("Read");
  const icon = read ? "check-check" : row.state === "pending" ? "clock" : "check";
  return (
    <p className={cx(styles["receipt"], read && styles["read"])}>
      <Icon name={icon} size={14} />
      {text}
    </p>
  );
}

function Failed({ row }: { row: BubbleRow }) {
  const off = row.code === "chat_unavailable";
  const ruled = row.code === "rate_limited" || row.code === "conversation_locked";
  return (
    <p className={cx(styles["receipt"], styles["fail"])} role="alert">
      <Icon name="circle-alert" size={14} />
      {off
        ? "Messaging was turned off while you were writing. Your text is still here."
        : `Not sent. ${ruled ? row.detail : ""}`}
      <button type="button" onClick={() => outbox.retry(row.key)}>
        Try again
      </button>
      <button type="button" onClick={() => outbox.discard(row.key)}>
        Remove
      </button>
    </p>
  );
}
