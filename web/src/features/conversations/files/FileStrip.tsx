import { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useStore } from "../../../lib/store.ts";
import { Button, IconButton } from "../../../ui/Button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Icon } from "../../../ui/Icon.tsx";
import { composing, composingIn } from "../composing.ts";
import styles from "./Files.module.css";
import { type FilePorts, uploads } from "./files.ts";
import { useThumbnail } from "./thumbnails.ts";
import { recording } from "./recording.ts";
import type { Upload } from "./uploads.ts";
import { sizeWords, sortOf, timeWords } from "./words.ts";

/** Above the text: the files that go with it, with their progress, and a recording under way. */
export function FileStrip({ ports }: { ports: FilePorts }) {
  const id = ports.conversation.id;
  const all = useStore(uploads.store, (list) => list);
  const here = useMemo(() => all.filter((u) => u.conversation === id), [all, id]);
  const editing = useStore(composing, (c) => composingIn(c, id).editing !== null);
  return (
    <>
      <DropHere />
      <Recorder conversation={id} />
      {here.length > 0 && !editing && (
        <ul className={styles["strip"]} aria-label="Files to send">
          {here.map((u) => (
            <Chip key={u.id} upload={u} />
          ))}
        </ul>
      )}
    </>
  );
}

function Chip({ upload: u }: { upload: Upload }) {
  const failed = u.state === "failed";
  return (
    <li className={cx(styles["chip"], failed && styles["refused"])} data-upload={u.state}>
      <Face upload={u} />
      <div className={styles["chipText"]}>
        <b className="clip">{u.attachment?.name ?? u.name}</b>
        {failed ? <small role="alert">{u.problem}</small> : <small>{stateWords(u)}</small>}
        {(u.state === "sending" || u.state === "waiting") && (
          <progress max={1} value={u.progress} aria-label={`Uploading ${u.name}`} />
        )}
      </div>
      {failed && u.passing && (
        <Button look="ghost" size="small" icon="rotate-cw" onClick={() => uploads.retry(u.id)}>
          Try again
        </Button>
      )}
      <IconButton
        label={`${u.state === "sending" ? "Cancel" : "Remove"} ${u.name}`}
        icon="x"
        iconSize={16}
        onClick={() => uploads.remove(u.id)}
      />
    </li>
  );
}

function stateWords(u: Upload): string {
  if (u.state === "waiting") return "Waiting";
  if (u.state === "stored") {
    const a = u.attachment;
    if (a?.duration_ms) return `${timeWords(a.duration_ms)} · ${sizeWords(a.size)}`;
    return sizeWords(a?.size ?? u.file?.size ?? 0);
  }
  return u.progress >= 1
    ? "Checking the file"
    : `${Math.round(u.progress * 100)}% of ${sizeWords(u.file?.size ?? 0)}`;
}

const faces = { picture: "image", sound: "mic", document: "file-text" } as const;

/** A small picture of a picture, as this device has it; a sign for everything else. */
function Face({ upload: u }: { upload: Upload }) {
  const sort = sortOf(u.attachment?.media_type ?? u.file?.type ?? "");
  const local = usePreview(u.file, sort === "picture" && u.state !== "failed");
  const elsewhere = useThumbnail(u.file === null && sort === "picture" ? (u.attachment?.id ?? "") : "");
  const url = local || elsewhere.url;
  const [broken, setBroken] = useState(false);
  return (
    <span className={styles["face"]}>
      {url && !broken ? (
        <img src={url} alt="" onError={() => setBroken(true)} />
      ) : (
        <Icon name={u.state === "failed" ? "circle-alert" : faces[sort]} size={20} />
      )}
    </span>
  );
}

function usePreview(file: File | null, wanted: boolean): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!wanted || !file) return setUrl("");
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file, wanted]);
  return url;
}

function Recorder({ conversation }: { conversation: string }) {
  const now = useStore(recording, (r) => (r?.conversation === conversation ? r : null));
  const [ms, setMs] = useState(0);
  const since = now?.since ?? 0;
  useEffect(() => {
    if (since === 0) return;
    const tick = () => setMs(Date.now() - since);
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [since]);
  if (!now) return null;
  return (
    <div className={styles["recorder"]} role="group" aria-label="Recording a voice message">
      <span className={styles["dot"]} aria-hidden="true" />
      <b>Recording</b>
      <time aria-hidden="true">{timeWords(ms)}</time>
      <Button look="ghost" size="small" onClick={() => now.stop(false)}>
        Discard
      </Button>
      <Button look="outline" size="small" icon="check" onClick={() => now.stop(true)}>
        Done
      </Button>
    </div>
  );
}

/** Says where to drop while files are dragged over the thread. */
function DropHere() {
  const marker = useRef<HTMLSpanElement>(null);
  const [over, setOver] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const thread = marker.current?.closest<HTMLElement>("[data-thread]");
    if (!thread) return;
    let inside = 0;
    const enter = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      inside++;
      setOver(thread);
    };
    const leave = () => {
      inside = Math.max(0, inside - 1);
      if (inside === 0) setOver(null);
    };
    const end = () => {
      inside = 0;
      setOver(null);
    };
    thread.addEventListener("dragenter", enter);
    thread.addEventListener("dragleave", leave);
    thread.addEventListener("drop", end);
    return () => {
      thread.removeEventListener("dragenter", enter);
      thread.removeEventListener("dragleave", leave);
      thread.removeEventListener("drop", end);
    };
  }, []);
  return (
    <>
      <span ref={marker} hidden />
      {over &&
        createPortal(
          <div className={styles["drop"]}>
            <Icon name="upload" size={24} />
            Drop files here to send them
          </div>,
          over,
        )}
    </>
  );
}
