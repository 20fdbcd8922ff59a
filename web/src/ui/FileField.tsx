import type { ChangeEvent } from "react";
import styles from "./FileField.module.css";

interface FileFieldProps {
  label: string;
  /** Kinds of file, as of an input. */
  accept: string;
  onChange(event: ChangeEvent<HTMLInputElement>): void;
}

/** A file to be read. */
export function FileField({ label, accept, onChange }: FileFieldProps) {
  return (
    <label>
      <span className="sr">{label}</span>
      <input className={styles["file"]} type="file" accept={accept} onChange={onChange} />
    </label>
  );
}

/** The lines of it that can’t be used, each with its reason. */
export function BadLines({ lines }: { lines: readonly { line: number; why: string }[] }) {
  return (
    <ul className={styles["bad"]} aria-label="Lines that can’t be used" tabIndex={0}>
      {lines.map(({ line, why }) => (
        <li key={line}>
          <b>Line {line}:</b> {why}
        </li>
      ))}
    </ul>
  );
}
