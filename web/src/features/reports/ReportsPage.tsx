import { lazy, Suspense, useState } from "react";
import type { Report } from "../../api/types.ts";
import { plainText } from "../../lib/markdown.ts";
import { Link, setParams, useParam } from "../../lib/router.tsx";
import { dateTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Tag } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { SegmentedSetting } from "../../ui/Switch.tsx";
import { type ReportState, useReports } from "./queries.ts";
import styles from "./Reports.module.css";

const SettleDialog = lazy(async () => ({ default: (await import("./SettleDialog.tsx")).SettleDialog }));

/** Posts of community chats that somebody reported, for the staff who keep those chats. */
export function ReportsPage() {
  const state: ReportState = useParam("state") === "closed" ? "closed" : "open";
  const reports = useReports(state);
  const rows = reports.data?.pages.flatMap((p) => p.items ?? []) ?? [];
  return (
    <Page
      title="Reports"
      lede="Posts in community chats that someone asked the care team to look at. Their authors are not told who did."
      narrow
    >
      <SegmentedSetting
        label="Show"
        help=""
        value={state}
        options={[
          { value: "open", label: "Open" },
          { value: "closed", label: "Settled" },
        ]}
        onChange={(next) => setParams({ state: next === "open" ? "" : next })}
      />
      {reports.isPending ? (
        <ListSkeleton rows={3} label="Loading the reports" />
      ) : reports.isError && rows.length === 0 ? (
        <Failed what="the reports" error={reports.error} retry={() => void reports.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          small
          icon="shield-check"
          title={state === "open" ? "Nothing to look at" : "Nothing settled yet"}
        >
          {state === "open"
            ? "When someone reports a post in a chat that you keep, it stands here."
            : "Reports that were settled stay here."}
        </Empty>
      ) : (
        <ul className={styles["list"]} aria-label={state === "open" ? "Open reports" : "Settled reports"}>
          {rows.map((r) => (
            <ReportCard key={r.id} report={r} />
          ))}
        </ul>
      )}
      {reports.hasNextPage && (
        <div className={page["foot"]}>
          <Button disabled={reports.isFetchingNextPage} onClick={() => void reports.fetchNextPage()}>
            {reports.isFetchingNextPage ? "Loading…" : "Show older reports"}
          </Button>
        </div>
      )}
    </Page>
  );
}

function ReportCard({ report: r }: { report: Report }) {
  const [settling, setSettling] = useState<"removed" | "kept" | null>(null);
  const author = r.message.author.name;
  return (
    <li className={styles["report"]}>
      <p className={styles["head"]}>
        <Avatar name={author} size={32} />
        <span>
          <b>{author}</b> in{" "}
          <Link className="link" href={`/inbox/${r.conversation.id}?m=${r.message.seq}`}>
            {r.conversation.subject || "a community chat"}
          </Link>
          <small>{dateTime(r.message.created_at)}</small>
        </span>
        <Outcome report={r} />
      </p>
      <blockquote className={styles["words"]}>{wordsOf(r)}</blockquote>
      <p className={styles["said"]}>
        Reported by {r.reporter.name}, {dateTime(r.created_at)}
        {r.reason !== "" && <q>{r.reason}</q>}
      </p>
      {r.state === "open" ? (
        <p className={styles["acts"]}>
          <Button size="small" onClick={() => setSettling("kept")} aria-label={`Keep the post by ${author}`}>
            Keep
          </Button>
          {r.can_remove && (
            <Button
              size="small"
              look="dangerQuiet"
              onClick={() => setSettling("removed")}
              aria-label={`Remove post by ${author}`}
            >
              Remove post
            </Button>
          )}
          {!r.can_remove && !r.message.deleted_at && (
            <span className="muted">Join the chat to remove posts.</span>
          )}
        </p>
      ) : (
        <p className={styles["said"]}>
          Settled by {r.resolved_by?.name ?? "someone"}
          {r.resolved_at && `, ${dateTime(r.resolved_at)}`}
          {r.note !== "" && <q>{r.note}</q>}
        </p>
      )}
      {settling && (
        <Suspense>
          <SettleDialog report={r} outcome={settling} close={() => setSettling(null)} />
        </Suspense>
      )}
    </li>
  );
}

function Outcome({ report: r }: { report: Report }) {
  if (r.state === "open") return r.message.deleted_at ? <Tag>Deleted by its author</Tag> : null;
  return r.outcome === "removed" ? <Tag tone="amber">Removed</Tag> : <Tag tone="pine">Kept</Tag>;
}

/** What the post says, as far as that can still be read. */
function wordsOf(r: Report): string {
  if (r.message.deleted_at) return "This post is gone.";
  const name = (user: string) => r.message.mentions.find((p) => p.id === user)?.name ?? "someone";
  const text = plainText(r.message.body, name);
  if (text.trim() !== "") return text;
  return r.message.attachments.length > 0 ? r.message.attachments.map((a) => a.name).join(", ") : "No text";
}
