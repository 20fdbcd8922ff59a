import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import styles from "./Page.module.css";

interface PageProps {
  title: ReactNode;
  lede?: ReactNode;
  /** Above the title, e.g. the way back. */
  above?: ReactNode;
  actions?: ReactNode;
  /** A reading column instead of the whole width. */
  narrow?: boolean;
  /** Exactly as high as the window: a table in it takes what is left. */
  fill?: boolean;
  children: ReactNode;
}

export function Page({ title, lede, above, actions, narrow, fill, children }: PageProps) {
  return (
    <main
      id="main"
      className={cx(styles["page"], narrow && styles["narrow"], fill && styles["fill"])}
      tabIndex={-1}
    >
      <div className={styles["head"]}>
        <div>
          {above}
          <h1>{title}</h1>
          {lede && <p>{lede}</p>}
        </div>
        {actions && <div className={styles["acts"]}>{actions}</div>}
      </div>
      <div className={styles["body"]}>{children}</div>
    </main>
  );
}

interface CardProps {
  title?: string;
  lede?: ReactNode;
  aside?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}

export function Card({ title, lede, aside, footer, children }: CardProps) {
  return (
    <section className={styles["card"]} aria-label={title}>
      {title && (
        <header>
          <div>
            <h2>{title}</h2>
            {lede && <p>{lede}</p>}
          </div>
          {aside}
        </header>
      )}
      <div className={styles["pad"]}>{children}</div>
      {footer && <footer>{footer}</footer>}
    </section>
  );
}
