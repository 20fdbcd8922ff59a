import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "./Button.tsx";
import styles from "./Sheet.module.css";

// Import this file only from modules that are themselves loaded lazily, like Dialog.tsx.

interface SheetProps {
  title: string;
  /** Whom or what it is about. */
  about?: ReactNode;
  /** Before the title, e.g. an avatar. */
  picture?: ReactNode;
  close(): void;
  footer?: ReactNode;
  children: ReactNode;
}

/** A panel over the right side of the page, the whole screen of a phone. Esc and a press outside close it. */
export function Sheet({ title, about, picture, close, footer, children }: SheetProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && close()}
      className={styles["scrim"] ?? ""}
    >
      <Modal className={styles["sheet"] ?? ""}>
        <AriaDialog className={styles["dialog"] ?? ""}>
          <header>
            {picture}
            <div className={styles["titles"]}>
              <Heading slot="title">{title}</Heading>
              {about && <p>{about}</p>}
            </div>
            <IconButton label="Close" icon="x" iconSize={20} onClick={close} />
          </header>
          <div className={styles["body"]}>{children}</div>
          {footer && <footer className={styles["footer"]}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
