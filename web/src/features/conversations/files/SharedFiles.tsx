import { lazy, Suspense, useState } from "react";
import { useMe } from "../../../api/session.ts";
import type { Conversation, SharedFile } from "../../../api/types.ts";
import { Button, IconButton } from "../../../ui/Button.tsx";
import { Icon } from "../../../ui/Icon.tsx";
import panel from "../ContextPanel.module.css";
import { openDialog } from "../dialogs.tsx";
import { showMessage } from "../shownThread.ts";
import styles from "./SharedFiles.module.css";
import { few, sharedBy, useNewestFiles } from "./sharedFiles.ts";
import { useThumbnail } from "./thumbnails.ts";
import { fileUrl, sortOf } from "./words.ts";

const Lightbox = lazy(async () => ({ default: (await import("./Lightbox.tsx")).Lightbox }));
const SharedFilesSheet = lazy(async () => ({
  default: (await import("./SharedFilesSheet.tsx")).SharedFilesSheet,
}));

/** In the details: what was shared last, and the way to everything. Nothing where nothing was. */
export function SharedFilesSection({ conversation: c }: { conversation: Conversation }) {
  const { data } = useNewestFiles(c.id);
  if (!data || data.items.length === 0) return null;
  const more = data.total === null || data.total > few;
  return (
    <section aria-label="Shared files">
      <div className={panel["sh"]}>
        <h3>Shared files</h3>
        {more && (
          <Button
            size="small"
            look="ghost"
            aria-label={data.total === null ? "All shared files" : `All ${data.total} shared files`}
            onClick={() => openDialog((close) => <SharedFilesSheet conversation={c} close={close} />)}
          >
            {data.total === null ? "All" : `All ${data.total}`}
          </Button>
        )}
      </div>
      <FileList files={data.items} show={(f) => showMessage(f.seq)} />
    </section>
  );
}

interface FileListProps {
  files: readonly SharedFile[];
  /** Goes to the message of a file. */
  show(file: SharedFile): void;
}

/** Files with who shared them when: pictures to look at, everything else to save. */
export function FileList({ files, show }: FileListProps) {
  const [looking, setLooking] = useState<number | null>(null);
  const pictures = files.filter((f) => sortOf(f.media_type) === "picture");
  return (
    <>
      <ul className={styles["list"]}>
        {files.map((f) => (
          <li key={f.id} className={styles["row"]} data-shared={f.id}>
            <Shared file={f} look={() => setLooking(pictures.indexOf(f))} />
            <IconButton
              label={`Show ${f.name} in the conversation`}
              icon="message-circle"
              iconSize={16}
              onClick={() => show(f)}
            />
          </li>
        ))}
      </ul>
      {looking !== null && (
        <Suspense>
          <Lightbox pictures={pictures} at={looking} close={() => setLooking(null)} />
        </Suspense>
      )}
    </>
  );
}

function Shared({ file: f, look }: { file: SharedFile; look(): void }) {
  const me = useMe();
  const sort = sortOf(f.media_type);
  const words = (
    <>
      <span className="sr">{sort === "picture" ? "Look at" : "Save"} </span>
      <span className={styles["words"]}>
        <b className="clip">{f.name}</b>
        <small>{sharedBy(f, me.user.id)}</small>
      </span>
    </>
  );
  if (sort === "picture") {
    return (
      <button type="button" className={styles["file"]} onClick={look}>
        <Thumb id={f.id} />
        {words}
      </button>
    );
  }
  return (
    <a className={styles["file"]} href={fileUrl(f, "download")} download={f.name}>
      <span className={styles["face"]}>
        <Icon name={sort === "sound" ? "mic" : "file-text"} size={16} />
      </span>
      {words}
    </a>
  );
}

function Thumb({ id }: { id: string }) {
  const { url } = useThumbnail(id);
  return (
    <span className={styles["face"]}>
      {url ? <img src={url} alt="" draggable={false} /> : <Icon name="image" size={16} />}
    </span>
  );
}
