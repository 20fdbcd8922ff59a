import { type ReactNode, type Ref } from "react";
import type { Notice } from "../api/types.ts";
import { telHref } from "../lib/phone.ts";
import { ButtonAnchor } from "./Button.tsx";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./OffNotice.module.css";

interface FrameProps {
  icon?: IconName;
  title: string;
  /** Staff read it on amber; everyone else on a quiet ground. */
  amber?: boolean;
  facts?: readonly (readonly [string, ReactNode])[];
  actions?: ReactNode;
  children: ReactNode;
  ref?: Ref<HTMLDivElement>;
}

/** Stands where the composer would when one cannot write. */
export function NoticeFrame({
  icon = "message-circle-off",
  title,
  amber,
  facts,
  actions,
  children,
  ref,
}: FrameProps) {
  return (
    <div ref={ref} tabIndex={-1} className={cx(styles["notice"], amber && styles["amber"])} role="status">
      <span className={styles["round"]}>
        <Icon name={icon} />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
        {facts && facts.length > 0 && (
          <dl className={styles["facts"]}>
            {facts.map(([name, value]) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
        )}
        {actions && <div className={styles["acts"]}>{actions}</div>}
      </div>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

interface ClientNoticeProps {
  notice: Notice;
  /** Instead of the call to the practice, e.g. the way to what still works. */
  action?: ReactNode;
  /** Only to look at: the links call nobody. */
  preview?: boolean;
  /** Less room, e.g. below a list. */
  compact?: boolean;
  ref?: Ref<HTMLDivElement>;
}

/** What a client reads where chat is off: calm, without a reason, with another way to reach care. */
export function ClientNotice({ notice, action, preview, compact, ref }: ClientNoticeProps) {
  const { title, phone, hours, emergency } = notice;
  const body = withoutNumbers(notice);
  const more = !action && hours !== "" && !body.includes(hours) ? `Hours: ${hours}.` : "";
  return (
    <div
      ref={ref}
      tabIndex={preview ? undefined : -1}
      className={cx(styles["notice"], styles["client"], compact && styles["compact"])}
      role={preview ? "group" : "status"}
      aria-label={preview ? "What the client sees" : undefined}
    >
      <h2>
        <Icon name="message-circle-off" />
        {title}
      </h2>
      <p>{more === "" ? body : `${body} ${more}`}</p>
      <div className={styles["acts"]}>
        {action}
        {!action && phone !== "" && (
          <Call look="primary" number={phone} label={`Call ${phone}`} preview={preview} />
        )}
        {emergency !== "" && (
          <Call
            look="outline"
            number={emergency}
            label={`In an emergency, call ${emergency}`}
            preview={preview}
          />
        )}
      </div>
    </div>
  );
}

/**
 * The server's own text names the numbers, for programs that show nothing else.
 * Here they stand on the buttons, so the text need not say them again.
 */
export function withoutNumbers({ body, phone, emergency }: Notice): string {
  const again = `In an emergency, call ${emergency}.`;
  const way = "To reach your care team, call ";
  const start = body.indexOf(way);
  const at = start < 0 || phone === "" ? -1 : body.indexOf(` at ${phone}`, start + way.length);
  const plain = at < 0 ? body : body.slice(0, at) + body.slice(at + ` at ${phone}`.length);
  return emergency !== "" && plain.endsWith(again) ? plain.slice(0, -again.length).trimEnd() : plain;
}

interface CallProps {
  look: "primary" | "outline";
  number: string;
  label: string;
  preview: boolean | undefined;
}

/** A link that calls; only the words where the number is none that could be dialled, or there is nothing to call. */
function Call({ look, number, label, preview }: CallProps) {
  const href = telHref(number);
  return (
    <ButtonAnchor
      look={look}
      icon={look === "primary" ? "phone" : undefined}
      href={preview || href === null ? undefined : href}
    >
      {label}
    </ButtonAnchor>
  );
}
