import type { CSSProperties } from "react";
import { hue, initials } from "../lib/text.ts";
import styles from "./Avatar.module.css";
import { cx } from "./cx.ts";
import { Icon } from "./Icon.tsx";

interface AvatarProps {
  name: string;
  /** What decides the colour; the name unless given. */
  seed?: string | undefined;
  kind?: "person" | "community" | "internal" | "system";
  /** A person one can not write to just now. */
  off?: boolean;
  /** A small lock for a conversation among staff. */
  locked?: boolean;
  size?: number;
  className?: string | undefined;
}

const pictures = { community: "users-round", internal: "lock", system: "settings" } as const;

/** Round for a person, a rounded square for a group; never the only sign of anything. */
export function Avatar({ name, seed, kind = "person", off, locked, size, className }: AvatarProps) {
  const style = size === undefined ? undefined : ({ "--sz": `${size}px` } as CSSProperties);
  const colour = off
    ? styles["off"]
    : kind === "system"
      ? styles["system"]
      : styles[`hue${hue(seed ?? name)}`];
  return (
    <span
      className={cx(styles["av"], colour, kind !== "person" && styles["group"], className)}
      style={style}
      // Drawn by the style sheet: a picture must not count as the text of what it stands in.
      data-initials={kind === "person" ? initials(name) : undefined}
      aria-hidden="true"
    >
      {kind !== "person" && <Icon name={pictures[kind]} />}
      {locked && (
        <span className={styles["mark"]}>
          <Icon name="lock" size={12} />
        </span>
      )}
    </span>
  );
}
