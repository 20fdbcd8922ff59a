import { cx } from "./cx.ts";

interface NameProps {
  name: string;
  /** One cannot write to this person now. */
  off: boolean;
  className?: string | undefined;
}

/** A name where one would pick or write to someone: struck when chat is off, and said so in words. */
export function Name({ name, off, className }: NameProps) {
  return (
    <>
      <span className={cx(className, off && "struck")}>{name}</span>
      {off && <span className="sr">, chat unavailable</span>}
    </>
  );
}
