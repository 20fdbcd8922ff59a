import type { ReactNode, RefObject } from "react";
import { Dialog, Popover, type PopoverProps } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./PopoverCard.module.css";

// Import this file only lazily: it brings react-aria.

interface PopoverCardProps {
  trigger: RefObject<HTMLElement | null>;
  placement: NonNullable<PopoverProps["placement"]>;
  offset?: number;
  /** The name of one that has no heading. */
  label?: string;
  /** The class of one with a size and spaces of its own; without it, those of a small form. */
  className?: string | undefined;
  close(): void;
  children: ReactNode;
}

/** A card beside what opened it, over all else, until something else is pressed. */
export function PopoverCard({
  trigger,
  placement,
  offset = 6,
  label,
  className = styles["form"],
  close,
  children,
}: PopoverCardProps) {
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement={placement}
      offset={offset}
      onOpenChange={(open) => !open && close()}
      className={styles["popover"] ?? ""}
    >
      <Dialog {...(label && { "aria-label": label })} className={cx(styles["card"], className)}>
        {children}
      </Dialog>
    </Popover>
  );
}
