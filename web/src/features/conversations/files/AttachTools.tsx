import { type ChangeEvent, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { isClient, useMe } from "../../../api/session.ts";
import { phone, useMedia } from "../../../lib/hooks.ts";
import { IconButton } from "../../../ui/Button.tsx";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { say } from "../../../ui/toast.ts";
import styles from "./Files.module.css";
import { type FilePorts, learnLimits, takeFiles } from "./files.ts";
import { canRecord } from "./recording.ts";

const Menu = lazy(async () => ({ default: (await import("../../../ui/Menu.tsx")).Menu }));

/** Adds files: one button with a choice on a phone and for clients, two buttons on a desk. */
export function AttachTools({ ports }: { ports: FilePorts }) {
  const client = isClient(useMe());
  const small = useMedia(phone);
  const files = useChooser(ports);
  const camera = useChooser(ports, true);
  useEffect(learnLimits, []);
  const record = () => void startAt(ports);
  return (
    <>
      {files.input}
      {camera.input}
      {client || small ? (
        <Choice choose={files.open} photograph={small ? camera.open : null} record={record} />
      ) : (
        <>
          <IconButton label="Attach files" icon="paperclip" onClick={files.open} />
          {canRecord() && <IconButton label="Record a voice message" icon="mic" onClick={record} />}
        </>
      )}
    </>
  );
}

/** Begins a recording; what records comes with the first one. */
async function startAt(ports: FilePorts): Promise<void> {
  const recorder = await import("./recorder.ts").catch(() => null);
  if (!recorder) return say("Recording couldn’t start. Check your connection and try again.");
  try {
    await recorder.startRecording(ports.conversation.id, (file) => takeFiles(ports, [file]));
  } catch (error) {
    say(recorder.microphoneWords(error));
  }
}

interface ChoiceProps {
  choose(): void;
  photograph: (() => void) | null;
  record(): void;
}

function Choice({ choose, photograph, record }: ChoiceProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const entries: MenuEntry[] = [
    { id: "choose", label: "Choose photos or files", icon: "image", act: choose },
  ];
  if (photograph) entries.unshift({ id: "photo", label: "Take a photo", icon: "camera", act: photograph });
  if (canRecord()) entries.push({ id: "record", label: "Record a voice message", icon: "mic", act: record });
  return (
    <>
      <IconButton
        ref={button}
        label="Add a photo, file or voice message"
        icon="plus"
        iconSize={24}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <Menu
            label="Add"
            trigger={button}
            placement="top start"
            close={() => setOpen(false)}
            entries={[entries]}
          />
        </Suspense>
      )}
    </>
  );
}

/** The browser's own way to choose files, opened by a button of ours. */
function useChooser(ports: FilePorts, camera = false): { input: ReactNode; open(): void } {
  const field = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    takeFiles(ports, [...(event.target.files ?? [])]);
    event.target.value = ""; // the same file may be chosen again
  };
  const input = (
    <input
      ref={field}
      type="file"
      className={styles["chooser"]}
      data-chooser={camera ? "camera" : "files"}
      multiple={!camera}
      {...(camera && { accept: "image/*", capture: "environment" as const })}
      tabIndex={-1}
      aria-hidden="true"
      onChange={chosen}
    />
  );
  return { input, open: () => field.current?.click() };
}
