import type { FormEvent, ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button, IconButton } from "./Button.tsx";
import { cx } from "./cx.ts";
import styles from "./Dialog.module.css";

// Import this file only from modules that are themselves loaded lazily: it
// brings react-aria, which the first load of the inbox does without.

interface DialogProps {
  title: string;
  close(): void;
  /** Buttons, the confirming one last. */
  footer?: ReactNode;
  /** Given, the body and footer are a form. */
  onSubmit?: () => void;
  wide?: boolean;
  role?: "dialog" | "alertdialog";
  children: ReactNode;
}

/** A modal dialog, a bottom sheet on a phone. Esc and a press outside close it. */
export function Dialog({ title, close, footer, onSubmit, wide, role = "dialog", children }: DialogProps) {
  const inner = (
    <>
      {/* Without fields the text itself must take the keyboard to be scrolled. */}
      <div className={styles["body"]} tabIndex={onSubmit ? undefined : 0}>
        {children}
      </div>
      {footer && <div className={styles["footer"]}>{footer}</div>}
    </>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable={role === "dialog"}
      onOpenChange={(open) => !open && close()}
      className={styles["scrim"] ?? ""}
    >
      <Modal className={cx(styles["modal"], wide && styles["wide"])}>
        <AriaDialog role={role} className={styles["dialog"] ?? ""}>
          <header>
            <Heading slot="title">{title}</Heading>
            <IconButton label="Close" icon="x" iconSize={20} onClick={close} />
          </header>
          {onSubmit ? (
            <form className={styles["form"]} onSubmit={submit} noValidate>
              {inner}
            </form>
          ) : (
            inner
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  close(): void;
  /** What pressing does, in the words of the title. */
  children: ReactNode;
  danger?: boolean;
  disabled?: boolean;
}

/** The two ways out of a dialog that is a form. */
export function Confirm({ close, children, danger, disabled }: ConfirmProps) {
  return (
    <>
      <Button look="ghost" onClick={close}>
        Cancel
      </Button>
      <Button type="submit" look={danger ? "danger" : "primary"} disabled={disabled}>
        {children}
      </Button>
    </>
  );
}
