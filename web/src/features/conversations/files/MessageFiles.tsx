import { lazy, Suspense, useState } from "react";
import type { Attachment } from "../../../api/types.ts";
import { cx } from "../../../ui/cx.ts";
import { Icon } from "../../../ui/Icon.tsx";
import type { BubbleRow } from "../bubbleRow.ts";
import styles from "./Files.module.css";
import { Player } from "./Player.tsx";
import { useThumbnail } from "./thumbnails.ts";
import { fileUrl, kindWords, sizeWords, sortOf } from "./words.ts";

const Lightbox = lazy(async () => ({ default: (await import("./Lightbox.tsx")).Lightbox }));

/** The files of a message: pictures to look at, recordings to play, everything else to save. */
export function MessageFiles({ row }: { row: BubbleRow }) {
  const [shown, setShown] = useState<number | null>(null);
  if (row.attachments.length === 0) return null;
  const pictures = row.attachments.filter((a) => sortOf(a.media_type) === "picture");
  const others = row.attachments.filter((a) => sortOf(a.media_type) !== "picture");
  return (
    <div className={cx(styles["files"], row.out && styles["out"])} data-files>
      {pictures.length > 0 && (
        <div className={cx(styles["pictures"], pictures.length > 1 && styles["many"])}>
          {pictures.map((a, i) => (
            <Thumbnail key={a.id} picture={a} alone={pictures.length === 1} open={() => setShown(i)} />
          ))}
        </div>
      )}
      {others.map((a) =>
        sortOf(a.media_type) === "sound" ? <Player key={a.id} sound={a} /> : <FileLink key={a.id} file={a} />,
      )}
      {shown !== null && (
        <Suspense>
          <Lightbox pictures={pictures} at={shown} close={() => setShown(null)} />
        </Suspense>
      )}
    </div>
  );
}

interface ThumbnailProps {
  picture: Attachment;
  alone: boolean;
  open(): void;
}

/** Takes its room before it is there, so that a thread does not jump. */
function Thumbnail({ picture, alone, open }: ThumbnailProps) {
  const { url, gone } = useThumbnail(picture.id);
  const ratio = Math.min(2.4, Math.max(0.6, (picture.width ?? 4) / (picture.height ?? 3)));
  return (
    <button
      type="button"
      className={styles["picture"]}
      style={
        alone
          ? { aspectRatio: ratio, width: `min(100%, ${Math.round(Math.min(300, 320 * ratio))}px)` }
          : undefined
      }
      aria-label={`Look at ${picture.name}`}
      data-picture={picture.id}
      onClick={open}
    >
      {url && <img src={url} alt="" draggable={false} />}
      {gone && <Icon name="eye-off" size={20} />}
    </button>
  );
}

function FileLink({ file }: { file: Attachment }) {
  return (
    <a className={styles["file"]} href={fileUrl(file, "download")} download={file.name} data-file={file.id}>
      <span className={styles["face"]}>
        <Icon name="file-text" size={20} />
      </span>
      <span>
        <b className="clip">{file.name}</b>
        <small>
          {kindWords(file.media_type)} · {sizeWords(file.size)}
        </small>
      </span>
      <Icon name="download" />
      <span className="sr">Download</span>
    </a>
  );
}
