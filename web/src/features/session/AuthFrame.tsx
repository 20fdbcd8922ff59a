import { type ReactNode, useEffect } from "react";
import { Brand } from "../../ui/Brand.tsx";
import { cx } from "../../ui/cx.ts";
import styles from "./Auth.module.css";

interface AuthFrameProps {
  title: string;
  lede?: ReactNode;
  /** Beside the form on wide screens. */
  sheet?: ReactNode;
  children: ReactNode;
}

/** The frame of every page that is shown before someone is signed in. */
export function AuthFrame({ title, lede, sheet, children }: AuthFrameProps) {
  useEffect(() => {
    document.title = `${title} – Hearth`;
  }, [title]);
  return (
    <div className={styles["auth"]}>
      <header>
        <Brand />
        Hearth
      </header>
      <main id="main">
        <div className={cx(styles["pair"], Boolean(sheet) && styles["withSheet"])}>
          <div className={styles["box"]}>
            <div>
              <h1>{title}</h1>
              {lede && <p className={styles["lede"]}>{lede}</p>}
            </div>
            {children}
          </div>
          {sheet}
        </div>
      </main>
      <footer>In an emergency, call your local emergency number. Messages here may be read later.</footer>
    </div>
  );
}

/** Small print below a form. */
export function Small({ children }: { children: ReactNode }) {
  return <p className={styles["small"]}>{children}</p>;
}
