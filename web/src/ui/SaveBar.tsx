import { useEffect, useRef } from "react";
import { guardLeaving } from "../lib/router.tsx";
import { count } from "../lib/text.ts";
import { Button } from "./Button.tsx";
import { cx } from "./cx.ts";
import styles from "./SaveBar.module.css";

interface SaveBarProps {
  /** How many changes are not saved. */
  changes: number;
  saving: boolean;
  save(): void;
  discard(): void;
  /** Shown where there is nothing to discard. */
  close?: (() => void) | undefined;
  /** Something that was typed can not be saved as it is. */
  invalid?: boolean;
}

/** Says what is not saved, and saves it; leaving with changes asks once, Cmd/Ctrl+S saves. */
export function SaveBar({ changes, saving, save, discard, close, invalid }: SaveBarProps) {
  const dirty = changes > 0;
  const ready = dirty && !saving && !invalid;
  useEffect(() => (dirty ? guardLeaving() : undefined), [dirty]);
  useSaveKey(() => ready && save());
  return (
    <>
      <span className={cx(styles["state"], !dirty && styles["none"])} role="status">
        {dirty && <span className={styles["dot"]} aria-hidden="true" />}
        {dirty ? `${count(changes, "change")} not saved` : "No changes"}
      </span>
      {dirty && (
        <Button look="ghost" onClick={discard}>
          Discard
        </Button>
      )}
      {!dirty && close && (
        <Button look="ghost" onClick={close}>
          Close
        </Button>
      )}
      {/* Not "disabled": that would throw the focus away with the last change saved. */}
      <Button look="primary" aria-disabled={!ready} onClick={() => ready && save()}>
        Save
      </Button>
    </>
  );
}

function useSaveKey(save: () => void): void {
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
