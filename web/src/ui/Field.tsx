import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
  useState,
} from "react";
import { IconButton } from "./Button.tsx";
import { cx } from "./cx.ts";
import styles from "./Field.module.css";
import { Icon } from "./Icon.tsx";

interface Words {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** A link beside the label. */
  aside?: ReactNode;
  large?: boolean;
}

interface FrameProps extends Words {
  id: string;
  children: ReactNode;
}

function Frame({ id, label, hint, error, aside, large, children }: FrameProps) {
  return (
    <div className={cx(styles["field"], large && styles["large"])}>
      <div className={styles["labels"]}>
        <label className={styles["label"]} htmlFor={id}>
          {label}
        </label>
        {aside}
      </div>
      {children}
      {error ? (
        <p className={styles["error"]} id={`${id}-error`}>
          <Icon name="circle-alert" size={14} />
          {error}
        </p>
      ) : (
        hint && (
          <p className={styles["hint"]} id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

function described(id: string, { hint, error }: Words) {
  return {
    "aria-invalid": error ? true : undefined,
    "aria-describedby": error ? `${id}-error` : hint ? `${id}-hint` : undefined,
  };
}

type TextFieldProps = Words & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function TextField({ label, hint, error, aside, large, ...rest }: TextFieldProps) {
  const id = useId();
  const words = { label, hint, error, aside, large: large ?? false };
  return (
    <Frame id={id} {...words}>
      <input {...rest} {...described(id, words)} id={id} className={styles["input"]} />
    </Frame>
  );
}

type AreaFieldProps = Words & TextareaHTMLAttributes<HTMLTextAreaElement>;

export function AreaField({ label, hint, error, aside, large, ...rest }: AreaFieldProps) {
  const id = useId();
  const words = { label, hint, error, aside, large: large ?? false };
  return (
    <Frame id={id} {...words}>
      <textarea {...rest} {...described(id, words)} id={id} className={styles["input"]} />
    </Frame>
  );
}

/** A password that its writer may look at. */
export function PasswordField({ label, hint, error, aside, large, ...rest }: TextFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const words = { label, hint, error, aside, large: large ?? false };
  return (
    <Frame id={id} {...words}>
      <div className={styles["withButton"]}>
        <input
          {...rest}
          {...described(id, words)}
          id={id}
          type={shown ? "text" : "password"}
          autoCapitalize="off"
          spellCheck={false}
          className={styles["input"]}
        />
        <IconButton
          label={shown ? "Hide what I typed" : "Show what I typed"}
          icon={shown ? "eye-off" : "eye"}
          onClick={() => setShown(!shown)}
        />
      </div>
    </Frame>
  );
}

type SelectFieldProps = Words & SelectHTMLAttributes<HTMLSelectElement>;

export function SelectField({ label, hint, error, aside, large, children, ...rest }: SelectFieldProps) {
  const id = useId();
  const words = { label, hint, error, aside, large: large ?? false };
  return (
    <Frame id={id} {...words}>
      <select {...rest} {...described(id, words)} id={id} className={styles["input"]}>
        {children}
      </select>
    </Frame>
  );
}

interface CheckBoxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type"> {
  kind?: "checkbox" | "radio";
  /** Neither all nor none. */
  some?: boolean;
}

/** The mark alone, e.g. in a row of a table; it needs a label of its own. */
export function CheckBox({ kind = "checkbox", some = false, ...rest }: CheckBoxProps) {
  return (
    <input
      {...rest}
      type={kind}
      className={styles["box"]}
      ref={(el) => {
        if (el) el.indeterminate = some;
      }}
    />
  );
}

type CheckProps = InputHTMLAttributes<HTMLInputElement> & {
  label: ReactNode;
  hint?: ReactNode;
  kind?: "checkbox" | "radio";
};

export function Check({ label, hint, kind = "checkbox", ...rest }: CheckProps) {
  return (
    <label className={styles["check"]}>
      <CheckBox {...rest} kind={kind} />
      <span>{label}</span>
      {hint && <small>{hint}</small>}
    </label>
  );
}

interface PickProps {
  label: string;
  /** The word for no choice. */
  any?: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  choose(value: string): void;
}

/** One filter of a list: its name and what is chosen. */
export function Pick({ label, any = "Any", value, options, choose }: PickProps) {
  const known = options.some(([id]) => id === value);
  return (
    <label className={styles["pick"]}>
      {label}
      <select aria-label={label} value={known ? value : ""} onChange={(e) => choose(e.target.value)}>
        <option value="">{any}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" size={16} />
    </label>
  );
}

interface PickDayProps {
  label: string;
  /** yyyy-mm-dd, "" for none. */
  value: string;
  min?: string | undefined;
  max?: string | undefined;
  choose(value: string): void;
}

/** A day to filter by. */
export function PickDay({ label, choose, ...rest }: PickDayProps) {
  return (
    <label className={styles["pick"]}>
      {label}
      <input {...rest} type="date" onChange={(e) => choose(e.target.value)} />
    </label>
  );
}

interface SearchProps {
  label: string;
  placeholder: string;
  value: string;
  onChange(value: string): void;
  /** The key that jumps here, shown at the end of the field. */
  shortcut?: string;
  /** An outline for use on the page's own ground. */
  lined?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function Search({ label, placeholder, value, onChange, shortcut, lined, ref }: SearchProps) {
  return (
    <label className={cx(styles["search"], lined && styles["lined"])}>
      <Icon name="search" size={16} />
      <span className="sr">{label}</span>
      <input
        ref={ref}
        type="search"
        placeholder={placeholder}
        value={value}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (value) onChange("");
          event.currentTarget.blur();
        }}
      />
      {shortcut && value === "" && <kbd className={cx(styles["kbd"], "only-desk")}>{shortcut}</kbd>}
    </label>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={styles["kbd"]}>{children}</kbd>;
}
