import { Button } from "./Button.tsx";
import styles from "./CopyField.module.css";
import { say } from "./toast.ts";

interface CopyFieldProps {
  label: string;
  value: string;
  /** What is said once it is copied. */
  copied: string;
}

/** A text to take along, chosen whole on focus; a page without a clipboard (plain http) has no button. */
export function CopyField({ label, value, copied }: CopyFieldProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    say(copied);
  };
  return (
    <div className={styles["row"]}>
      <input
        readOnly
        aria-label={label}
        value={value}
        spellCheck={false}
        onFocus={(event) => event.target.select()}
      />
      {navigator.clipboard && (
        <Button icon="copy" onClick={() => void copy()}>
          Copy
        </Button>
      )}
    </div>
  );
}
