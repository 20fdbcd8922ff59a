import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";
import styles from "./Switch.module.css";

type SwitchProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "role" | "size"> & {
  small?: boolean;
};

/** A native checkbox that says it is a switch; the word On or Off, or its source, belongs beside it. */
export function Switch({ small, className, ...rest }: SwitchProps) {
  return (
    <input
      {...rest}
      type="checkbox"
      role="switch"
      className={cx(styles["switch"], small && styles["small"], className)}
    />
  );
}

interface SettingProps {
  label: string;
  help: ReactNode;
  on: boolean;
  disabled?: boolean | undefined;
  onChange(on: boolean): void;
}

/** A switch with its name, its word and what it means. */
export function SwitchSetting({ label, help, on, disabled, onChange }: SettingProps) {
  const id = useId();
  return (
    <div className={styles["setting"]}>
      <label className={styles["label"]} htmlFor={id}>
        {label}
      </label>
      <span className={styles["state"]}>
        <span aria-hidden="true">{on ? "On" : "Off"}</span>
        <Switch
          id={id}
          checked={on}
          disabled={disabled}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.checked)}
        />
      </span>
      <p className={styles["help"]} id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}

interface SegmentedProps<T extends string> {
  /** The name that is read out; or the id of what names it. */
  label?: string;
  labelledBy?: string;
  describedBy?: string | undefined;
  value: T;
  options: readonly { value: T; label: string }[];
  disabled?: boolean | undefined;
  onChange(value: T): void;
}

/** One of a few values, all in sight. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, labelledBy, describedBy, value, options, disabled, onChange } = props;
  const name = useId();
  return (
    <span
      className={styles["segmented"]}
      role="radiogroup"
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
    >
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </span>
  );
}

interface SegmentedSettingProps<T extends string> extends Omit<SegmentedProps<T>, "labelledBy"> {
  label: string;
  help: ReactNode;
}

/** Such a choice with its name and what it means. */
export function SegmentedSetting<T extends string>({ label, help, ...rest }: SegmentedSettingProps<T>) {
  const id = useId();
  return (
    <div className={styles["setting"]}>
      <span className={styles["label"]} id={id}>
        {label}
      </span>
      <Segmented {...rest} labelledBy={id} />
      <p className={styles["help"]}>{help}</p>
    </div>
  );
}
