import { useId, useRef, useState } from "react";
import { colourFrom, contrast, inkOn, onWhite, pine } from "../../lib/colour.ts";
import { Link } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import field from "../../ui/Field.module.css";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./ColourField.module.css";

interface Props {
  /** As it was typed; "" is Hearth's own. */
  value: string;
  /** How the practice is called in mail. */
  practice: string;
  /** What the server had against it. */
  error?: string | undefined;
  change(value: string): void;
}

const unreadable = "This is no colour. Write # and six digits or letters from a to f, such as #1d5f4b.";
const begun = /^\s*#?[0-9a-f]{0,5}$/i;

/** The practice's colour in its mails: picked or typed, with what a mail will look like. */
export function ColourField({ value, practice, error, change }: Props) {
  const id = useId();
  const typed = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState(true); // nobody is in the middle of typing it
  const [shown, setShown] = useState(colourFrom(value)); // the last that was one
  const colour = shown || pine;
  const wrong = colourFrom(value) === null && done ? unreadable : error;
  const write = (text: string) => {
    setDone(!begun.test(text));
    setShown(colourFrom(text) ?? shown);
    change(text);
  };
  return (
    <div className={field["field"]} role="group" aria-labelledby={id}>
      <span className={field["label"]} id={id}>
        Colour in mail
      </span>
      <div className={styles["row"]}>
        <input
          type="color"
          className={styles["swatch"]}
          aria-label="Pick the colour"
          aria-describedby={`${id}-contrast`}
          value={colour}
          onChange={(e) => write(e.target.value)}
        />
        <input
          ref={typed}
          className={cx(field["input"], styles["hex"])}
          aria-label="Colour as # and six digits"
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? `${id}-error` : `${id}-hint ${id}-contrast`}
          placeholder={`${pine} (Hearth)`}
          maxLength={20}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          onChange={(e) => write(e.target.value)}
          onBlur={() => setDone(true)}
          onKeyDown={(e) => e.key === "Enter" && setDone(true)}
        />
        <Button
          disabled={value === ""}
          onClick={() => {
            write("");
            typed.current?.focus();
          }}
        >
          Use Hearth’s colour
        </Button>
      </div>
      {wrong ? (
        <p className={field["error"]} id={`${id}-error`}>
          <Icon name="circle-alert" size={14} />
          {wrong}
        </p>
      ) : (
        <p className={field["hint"]} id={`${id}-hint`}>
          Stands only in mails that carry the name above: invitations and password mail, and notifications if{" "}
          <Link className={styles["way"]} href="/settings/chat/notifications">
            they may name the practice
          </Link>
          .
        </p>
      )}
      <Preview id={`${id}-contrast`} colour={colour} practice={practice} />
    </div>
  );
}

/** The head of a mail. It is white in both themes, as most mails are. */
function Preview({ id, colour, practice }: { id: string; colour: string; practice: string }) {
  const ink = inkOn(colour);
  const ground = { background: colour, color: ink, borderColor: onWhite(colour) };
  return (
    <figure className={styles["preview"]}>
      <div className={styles["mail"]} aria-hidden="true">
        <p className={styles["band"]} style={ground}>
          {practice}
        </p>
        <p className={styles["title"]}>You have a new message</p>
        <p className={styles["button"]} style={ground}>
          Read it
        </p>
        <p className={styles["link"]} style={{ color: onWhite(colour) }}>
          Choose which mails you get
        </p>
      </div>
      <figcaption className={field["hint"]} id={id}>
        {ink === "#ffffff" ? "White" : "Black"} words on it, contrast {contrast(colour, ink).toFixed(1)} to 1
        {onWhite(colour) === colour ? "." : "; links are written in a darker tone of it."}
      </figcaption>
    </figure>
  );
}
