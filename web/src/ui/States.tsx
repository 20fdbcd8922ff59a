import type { CSSProperties, ReactNode } from "react";
import { ApiError, explain, shortCode } from "../api/client.ts";
import { Button } from "./Button.tsx";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./States.module.css";

interface EmptyProps {
  title: string;
  children: ReactNode;
  /** At most two. */
  actions?: ReactNode;
  art?: ReactNode;
  icon?: IconName;
  small?: boolean;
  level?: 1 | 2;
}

/** One sentence of what is true, one of what to do, at most two actions. */
export function Empty({ title, children, actions, art, icon, small, level = 2 }: EmptyProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className={cx(styles["empty"], small && styles["small"])}>
      {art && <div className={styles["art"]}>{art}</div>}
      {icon && (
        <span className={styles["round"]}>
          <Icon name={icon} size={24} />
        </span>
      )}
      <Heading>{title}</Heading>
      <p>{children}</p>
      {actions && <div className={styles["acts"]}>{actions}</div>}
    </div>
  );
}

interface FailedProps {
  /** "your inbox", "this client" */
  what: string;
  error: unknown;
  retry(): void;
  level?: 1 | 2;
}

/** Something could not be loaded, with a way on and a short code for the administrator. */
export function Failed({ what, error, retry, level = 2 }: FailedProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className={styles["empty"]} role="alert">
      <span className={styles["round"]}>
        <Icon name="unplug" size={24} />
      </span>
      <Heading>We couldn’t load {what}</Heading>
      <p>Your messages are safe. {explain(error)}</p>
      <div className={styles["acts"]}>
        <Button look="primary" icon="rotate-cw" onClick={retry}>
          Try again
        </Button>
      </div>
      <p className={styles["code"]}>
        If it keeps happening, tell your administrator this code: <b>{shortCode(error)}</b>
      </p>
    </div>
  );
}

interface CalloutProps {
  tone?: "info" | "amber" | "danger" | "quiet" | "pine";
  icon?: IconName;
  /** Read out as soon as it appears. */
  live?: "status" | "alert";
  children: ReactNode;
}

export function Callout({ tone = "info", icon = "info", live, children }: CalloutProps) {
  return (
    <div className={cx(styles["callout"], tone !== "info" && styles[tone])} role={live}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

/** What a form could not do, in words; nothing while there is nothing to say. */
export function Problem({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Callout tone="danger" icon="circle-alert" live="alert">
      {explain(error)}
    </Callout>
  );
}

function Bone({ width, height = 12, round }: { width: number | string; height?: number; round?: boolean }) {
  const style: CSSProperties = { width, height, borderRadius: round ? "50%" : undefined };
  return <span className={styles["bone"]} style={style} />;
}

/** The grey shape of a list that is being loaded. */
export function ListSkeleton({ rows = 8, label }: { rows?: number; label: string }) {
  return (
    <div role="status">
      <span className="sr">{label}</span>
      <div className={styles["rows"]} aria-hidden="true">
        {Array.from({ length: rows }, (_, i) => (
          <div key={i} className={styles["row"]}>
            <Bone width={40} height={40} round />
            <div className={styles["lines"]}>
              <Bone width={`${40 + ((i * 17) % 35)}%`} />
              <Bone width={`${60 + ((i * 23) % 35)}%`} height={10} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

interface LoadedProps<T> {
  query: { data: T | undefined; isPending: boolean; error: unknown; refetch(): unknown };
  /** "the settings" */
  what: string;
  rows?: number;
  /** Instead of an error, where the server says that there is nothing for this person to see. */
  hidden?: ReactNode;
  children(data: T): ReactNode;
}

/** What was asked for, once it is there; before, its grey shape, or why it could not be had. */
export function Loaded<T>({ query, what, rows = 3, hidden, children }: LoadedProps<T>) {
  const { data, isPending, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (isPending) return <ListSkeleton rows={rows} label={`Loading ${what}`} />;
  if (hidden && error instanceof ApiError && [403, 404].includes(error.status)) return hidden;
  return <Failed what={what} error={error} retry={() => void refetch()} />;
}
