import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Link } from "../lib/router.tsx";
import styles from "./Button.module.css";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";

interface Look {
  /** One view has one primary button. */
  look?: "primary" | "outline" | "ghost" | "danger" | "dangerQuiet";
  size?: "small" | "normal" | "large";
  block?: boolean;
  icon?: IconName | undefined;
}

function classes({ look = "outline", size = "normal", block }: Look, extra?: string): string {
  const bySize = { small: styles["small"], large: styles["large"], normal: undefined }[size];
  return cx(styles["btn"], styles[look], bySize, block && styles["block"], extra);
}

function Face({
  icon,
  size,
  children,
}: {
  icon: Look["icon"];
  size: Look["size"] | undefined;
  children: ReactNode;
}) {
  return (
    <>
      {icon && <Icon name={icon} size={size === "small" ? 14 : 16} />}
      {children}
    </>
  );
}

type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> };

export function Button({
  look,
  size,
  block,
  icon,
  className,
  children,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button {...rest} type={type} className={classes({ look, size, block } as Look, className)}>
      <Face icon={icon} size={size}>
        {children}
      </Face>
    </button>
  );
}

type ButtonLinkProps = Look & { href: string; className?: string; children: ReactNode };

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({ look, size, block, icon, className, children, href }: ButtonLinkProps) {
  return (
    <Link href={href} className={classes({ look, size, block } as Look, className)}>
      <Face icon={icon} size={size}>
        {children}
      </Face>
    </Link>
  );
}

type ButtonAnchorProps = Look & {
  href: string | undefined;
  download?: boolean;
  className?: string;
  children: ReactNode;
};

/** The same look for an address outside the app's pages: a call, a file. Without one it is only to look at. */
export function ButtonAnchor({
  look,
  size,
  block,
  icon,
  className,
  children,
  href,
  download,
}: ButtonAnchorProps) {
  return (
    <a href={href} download={download} className={classes({ look, size, block } as Look, className)}>
      <Face icon={icon} size={size}>
        {children}
      </Face>
    </a>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> & {
  /** What the button does, for people who do not see the picture. */
  label: string;
  icon: IconName;
  iconSize?: 14 | 16 | 18 | 20 | 24;
  fill?: boolean;
  round?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

export function IconButton({ label, icon, iconSize = 18, fill, round, className, ...rest }: IconButtonProps) {
  const look = cx(styles["icon"], fill && styles["fill"], round && styles["round"], className);
  return (
    <button type="button" title={label} {...rest} aria-label={label} className={look}>
      <Icon name={icon} size={iconSize} />
    </button>
  );
}
