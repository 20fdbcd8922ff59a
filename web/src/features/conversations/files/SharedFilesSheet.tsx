import { useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";
import { conversationTitle } from "../../../lib/people.ts";
import { Button } from "../../../ui/Button.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { Failed, ListSkeleton } from "../../../ui/States.tsx";
import { showMessage } from "../shownThread.ts";
import { FileList } from "./SharedFiles.tsx";
import styles from "./SharedFiles.module.css";
import { useSharedFiles } from "./sharedFiles.ts";

// Import this file only lazily: it brings react-aria.

/** Everything that was shared in a conversation, the newest first. */
export function SharedFilesSheet({ conversation: c, close }: { conversation: Conversation; close(): void }) {
  const me = useMe();
  const { data, error, refetch, isFetchingNextPage, hasNextPage, fetchNextPage } = useSharedFiles(c.id);
  const files = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Sheet title="Shared files" about={conversationTitle(c, me.user.id)} close={close}>
      {!data && error && <Failed what="the files" error={error} retry={() => void refetch()} />}
      {!data && !error && <ListSkeleton rows={6} label="Loading files" />}
      {data && files.length === 0 && <p className={styles["none"]}>Nothing is shared here any more.</p>}
      <FileList
        files={files}
        show={(f) => {
          close();
          showMessage(f.seq);
        }}
      />
      {hasNextPage && (
        <div className={styles["more"]}>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Loading…" : "Show older files"}
          </Button>
        </div>
      )}
    </Sheet>
  );
}
