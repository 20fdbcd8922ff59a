import { fieldError } from "../../api/client.ts";
import type { Notice } from "../../api/types.ts";
import { AreaField, TextField } from "../../ui/Field.tsx";
import styles from "./Panel.module.css";

interface FieldsProps {
  notice: Notice;
  /** What is used where a text is empty. */
  defaults?: Notice;
  error?: unknown;
  set(patch: Partial<Notice>): void;
}

/** The words a client reads where chat is off, and whom to call. */
export function NoticeFields({ notice, defaults, error, set }: FieldsProps) {
  const text = (name: keyof Notice) => ({
    value: notice[name],
    placeholder: defaults?.[name] ?? "As the practice’s",
    error: fieldError(error, `notice.${name}`),
    autoComplete: "off",
    onChange: (e: { target: { value: string } }) => set({ [name]: e.target.value }),
  });
  return (
    <div className={styles["stack"]}>
      <TextField label="Title" maxLength={100} {...text("title")} />
      <AreaField
        label="Text"
        maxLength={1000}
        rows={4}
        hint="Calm and plain: earlier messages stay, and how to reach you."
        {...text("body")}
      />
      <div className={styles["fields"]} style={{ marginTop: 0 }}>
        <TextField label="Phone" type="tel" maxLength={100} {...text("phone")} />
        <TextField label="Emergency number" type="tel" maxLength={100} {...text("emergency")} />
      </div>
      <TextField label="Hours" maxLength={100} {...text("hours")} />
    </div>
  );
}
