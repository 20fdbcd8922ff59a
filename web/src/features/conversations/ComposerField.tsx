import { type KeyboardEvent, type RefObject, useLayoutEffect } from "react";
import { useMe } from "../../api/session.ts";
import styles from "./Composer.module.css";
import { MentionList, useMentions } from "./MentionList.tsx";
import { type ComposerPorts, keyParts } from "./slots/composer.ts";

export interface FieldKeys {
  send(): void;
  /** Arrow up in an empty field. */
  up(): void;
  /** False where there is nothing to give up but the field itself. */
  escape(): boolean;
}

interface FieldProps {
  label: string;
  placeholder: string;
  ports: ComposerPorts;
  keys: FieldKeys;
  ref: RefObject<HTMLTextAreaElement | null>;
}

/** The text itself, with the list of people while an "@" is being typed. */
export function ComposerField({ label, placeholder, ports, keys, ref }: FieldProps) {
  const me = useMe();
  const mentions = useMentions(ports, me.user.id, ref);
  useGrow(ref, ports.text);
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || mentions.key(event)) return;
    if (keyParts.some((part) => part(ports, event.nativeEvent))) return event.preventDefault();
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !event.shiftKey) {
      event.preventDefault();
      keys.send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (!keys.escape()) event.currentTarget.blur();
    } else if (event.key === "ArrowUp" && ports.text === "") {
      event.preventDefault();
      keys.up();
    }
  };
  return (
    <div className={styles["field"]}>
      <MentionList {...mentions.list} />
      <textarea
        ref={ref}
        rows={1}
        aria-label={label}
        placeholder={placeholder}
        value={ports.text}
        {...mentions.field}
        onChange={(event) => {
          ports.setText(event.target.value);
          mentions.moved(event.target);
        }}
        onSelect={(event) => mentions.moved(event.currentTarget)}
        onBlur={mentions.close}
        onKeyDown={onKey}
      />
    </div>
  );
}

/** Grows with its text. */
export function useGrow(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const el = field.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${el.scrollHeight}px`;
  }, [field, text]);
}
