import { lazy, Suspense, useId, useLayoutEffect, useRef, useState } from "react";
import type { Template } from "../../api/types.ts";
import { count, listed } from "../../lib/text.ts";
import { IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Icon } from "../../ui/Icon.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Compose.module.css";
import { fields, lengthOf, longest, templateBody } from "./fields.ts";
import type { Form } from "./form.ts";
import type { WritingParts } from "./parts.ts";

const Menu = lazy(async () => ({ default: (await import("../../ui/Menu.tsx")).Menu }));
const TemplatePopover = lazy(async () => ({
  default: (await import("../../ui/TemplatePopover.tsx")).TemplatePopover,
}));

interface MessageProps {
  place: string;
  form: Form;
  set(patch: Partial<Form>): void;
  parts: WritingParts;
  error: string | undefined;
}

/** The text with its fields, templates and files. */
export function MessageField({ place, form, set, parts, error }: MessageProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [open, setOpen] = useState<"fields" | "templates" | null>(null);
  const fieldsButton = useRef<HTMLButtonElement>(null);
  const templatesButton = useRef<HTMLButtonElement>(null);
  useGrow(area.current, form.body);
  const insert = (text: string) => {
    const from = area.current?.selectionStart ?? form.body.length;
    const to = area.current?.selectionEnd ?? from;
    set({ body: form.body.slice(0, from) + text + form.body.slice(to) });
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  const insertTemplate = (t: Template) => {
    const { text, gaps } = templateBody(t.body);
    setOpen(null);
    insert(text);
    if (gaps.length > 0) say(`Fill in ${listed(gaps)} by hand: a blast can’t.`);
  };
  const { Attach, Files } = parts;
  const ports = { conversation: { id: place }, focus: () => area.current?.focus() };
  const length = lengthOf(form.body);
  return (
    <div className={styles["field"]}>
      <label className={styles["label"]} htmlFor={id}>
        Message
      </label>
      <div className={styles["box"]} data-thread>
        <Files ports={ports} />
        <KeptFiles form={form} set={set} />
        <textarea
          ref={area}
          id={id}
          rows={7}
          value={form.body}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onChange={(e) => set({ body: e.target.value })}
        />
        <div className={styles["boxBar"]}>
          <Attach ports={ports} />
          <IconButton
            ref={templatesButton}
            label="Insert a template"
            icon="layout-template"
            aria-haspopup="dialog"
            aria-expanded={open === "templates"}
            onClick={() => setOpen(open === "templates" ? null : "templates")}
          />
          <IconButton
            ref={fieldsButton}
            label="Insert a field"
            icon="braces"
            aria-haspopup="menu"
            aria-expanded={open === "fields"}
            onClick={() => setOpen(open === "fields" ? null : "fields")}
          />
          <span className={cx(styles["length"], length > longest && styles["over"])}>
            {length > longest
              ? `${count(length - longest, "character")} too many`
              : count(length, "character")}
          </span>
        </div>
      </div>
      {error && (
        <p className={styles["error"]} id={`${id}-error`} role="alert">
          <Icon name="circle-alert" size={14} />
          {error}
        </p>
      )}
      <Suspense>
        {open === "fields" && (
          <Menu
            label="Fields"
            trigger={fieldsButton}
            placement="top start"
            close={() => setOpen(null)}
            entries={[fields.map((f) => ({ ...f, act: () => insert(`{{${f.id}}}`) }))]}
          />
        )}
        {open === "templates" && (
          <TemplatePopover trigger={templatesButton} choose={insertTemplate} close={() => setOpen(null)} />
        )}
      </Suspense>
    </div>
  );
}

/** Files from before: of a draft, or of a blast that is being changed. */
function KeptFiles({ form, set }: Pick<MessageProps, "form" | "set">) {
  if (form.attachments.length === 0) return null;
  return (
    <ul className={styles["kept"]} aria-label="Files that go with it">
      {form.attachments.map((a) => (
        <li key={a.id}>
          <Icon name="paperclip" size={14} />
          <span className="clip">{a.name}</span>
          <IconButton
            label={`Remove ${a.name}`}
            icon="x"
            iconSize={16}
            onClick={() => set({ attachments: form.attachments.filter((x) => x.id !== a.id) })}
          />
        </li>
      ))}
    </ul>
  );
}

/** Grows with its text, where the browser does not do it alone. */
function useGrow(field: HTMLTextAreaElement | null, text: string): void {
  useLayoutEffect(() => {
    if (!field || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }, [field, text]);
}
