import { lazy, Suspense, useState } from "react";
import type { BlastPreview, Recipients } from "../api/types.ts";
import { skipWords } from "../lib/skips.ts";
import { Callout } from "./States.tsx";
import styles from "./SkipNotice.module.css";

const SkipReview = lazy(async () => ({ default: (await import("./SkipReview.tsx")).SkipReview }));

interface NoticeProps {
  preview: Pick<BlastPreview, "unavailable" | "unavailable_count" | "chosen" | "reachable">;
  recipients: Recipients;
}

/** Says before anything is sent who will not get it, and names them on request. */
export function SkipNotice({ preview: p, recipients }: NoticeProps) {
  const [review, setReview] = useState(false);
  if (p.unavailable_count === 0) return null;
  return (
    <>
      <Callout tone="amber" icon="message-circle-off" live="status">
        <div className={styles["row"]}>
          <span>
            {skipWords(p.unavailable, p.unavailable_count, p.chosen)}
            {p.reachable === 0 && " There is nobody to write to."}
          </span>
          <button type="button" className="link" onClick={() => setReview(true)}>
            Review
          </button>
        </div>
      </Callout>
      {review && (
        <Suspense>
          <SkipReview recipients={recipients} total={p.unavailable_count} close={() => setReview(false)} />
        </Suspense>
      )}
    </>
  );
}
