import type { ReactNode } from "react";
import styles from "./Badge.module.css";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";

/** A count that wants attention; nothing at zero. */
export function Badge({
  count,
  label,
  className,
}: {
  count: number;
  label: string;
  className?: string | undefined;
}) {
  if (count <= 0) return null;
  return (
    <span className={cx(styles["badge"], className)}>
      <span className="sr">{label}: </span>
      {count > 99 ? "99+" : count}
    </span>
  );
}

interface TagProps {
  tone?: "plain" | "pine" | "amber" | "danger" | "info";
  icon?: IconName;
  children: ReactNode;
}

/** A word about a state. */
export function Tag({ tone = "plain", icon, children }: TagProps) {
  return (
    <span className={cx(styles["tag"], tone !== "plain" && styles[tone])}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}
