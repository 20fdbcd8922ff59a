import { ApiError } from "../../api/client.ts";
import { useBlast } from "../../api/blasts.ts";
import type { Blast } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { liveStatus } from "../../live/status.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { BlastReport } from "./BlastReport.tsx";
import { EditBlast } from "./EditBlast.tsx";
import type { WritingParts } from "./parts.ts";

/** Live news carries the numbers; asking is for when it does not come, and for what it may have missed. */
const watched = 15_000;
const unwatched = 3_000;

/** One blast: to be changed while it waits for its time, and else what became of it. */
export function BlastPane({ id, parts }: { id: string; parts: WritingParts }) {
  const live = useStore(liveStatus, (s) => s);
  const blast = useBlast(id, true, live === "open" ? watched : unwatched);
  const b = blast.data;
  if (b) return isOpen(b) ? <EditBlast blast={b} parts={parts} /> : <BlastReport blast={b} />;
  if (blast.isPending) return <ListSkeleton label="Loading the blast" rows={4} />;
  if (blast.error instanceof ApiError && blast.error.status === 404)
    return (
      <Empty
        level={1}
        icon="megaphone"
        title="There’s no such blast"
        actions={<ButtonLink href="/blasts">Back to the blasts</ButtonLink>}
      >
        It may have been taken back, or it isn’t yours to see.
      </Empty>
    );
  return <Failed level={1} what="this blast" error={blast.error} retry={() => void blast.refetch()} />;
}

/** Whether it is planned, and not merely waiting out the time in which it can be taken back. */
function isOpen(b: Blast): boolean {
  return b.state === "scheduled" && b.may.edit && b.send_at !== null;
}
