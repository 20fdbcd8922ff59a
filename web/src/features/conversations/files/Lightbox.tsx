import { useEffect, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import type { Attachment } from "../../../api/types.ts";
import { ButtonAnchor, IconButton } from "../../../ui/Button.tsx";
import { cx } from "../../../ui/cx.ts";
import styles from "./Lightbox.module.css";
import { fileUrl } from "./words.ts";

// Import this file only lazily: it brings react-aria.

interface LightboxProps {
  pictures: readonly Attachment[];
  at: number;
  close(): void;
}

/** A message's pictures, one at a time, as large as the window. */
export function Lightbox({ pictures, at, close }: LightboxProps) {
  const [index, setIndex] = useState(at);
  const [whole, setWhole] = useState(true);
  const picture = pictures[index];
  const go = (step: number) => {
    setWhole(true);
    setIndex((i) => Math.min(pictures.length - 1, Math.max(0, i + step)));
  };
  useArrows(go);
  if (!picture) return null;
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && close()}
      className={styles["scrim"] ?? ""}
    >
      <Modal className={styles["modal"] ?? ""}>
        <Dialog aria-label={picture.name} className={styles["dialog"] ?? ""}>
          <header>
            <p>
              <b className="clip">{picture.name}</b>
              {pictures.length > 1 && (
                <span role="status">
                  {index + 1} of {pictures.length}
                </span>
              )}
            </p>
            <ButtonAnchor href={fileUrl(picture, "download")} download look="ghost" icon="download">
              Save
            </ButtonAnchor>
            <IconButton label="Close" icon="x" iconSize={20} onClick={close} />
          </header>
          {/* Outside the picture is outside: a press there closes. */}
          <div
            className={cx(styles["stage"], !whole && styles["large"])}
            onClick={(event) => event.target === event.currentTarget && close()}
          >
            <img
              key={picture.id}
              src={fileUrl(picture)}
              alt={picture.name}
              width={picture.width ?? undefined}
              height={picture.height ?? undefined}
              onClick={() => setWhole(!whole)}
            />
          </div>
          {index > 0 && (
            <IconButton
              label="Previous"
              icon="chevron-left"
              fill
              round
              className={styles["back"]}
              onClick={() => go(-1)}
            />
          )}
          {index < pictures.length - 1 && (
            <IconButton
              label="Next"
              icon="chevron-right"
              fill
              round
              className={styles["on"]}
              onClick={() => go(1)}
            />
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function useArrows(go: (step: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "ArrowLeft") go(-1);
      if (event.key === "ArrowRight") go(1);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
