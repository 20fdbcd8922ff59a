import type { ReactNode } from "react";
import type { useBlastPreview } from "../../api/blasts.ts";
import { asked } from "../../api/choice.ts";
import { fieldError } from "../../api/client.ts";
import type { Attachment } from "../../api/types.ts";
import { TextField } from "../../ui/Field.tsx";
import { SkipNotice } from "../../ui/SkipNotice.tsx";
import { Callout } from "../../ui/States.tsx";
import styles from "./Compose.module.css";
import { unknownFields } from "./fields.ts";
import type { Form } from "./form.ts";
import { FromField } from "./FromField.tsx";
import { MessageField } from "./MessageField.tsx";
import type { WritingParts } from "./parts.ts";
import { PreviewCard } from "./PreviewCard.tsx";
import { problemWords } from "./problems.ts";
import { RepliesField } from "./RepliesField.tsx";
import { ToField } from "./ToField.tsx";
import { WhenField } from "./WhenField.tsx";

interface ComposeProps {
  /** To what files belong while they are added: "new", or the blast's id. */
  place: string;
  form: Form;
  set(patch: Partial<Form>): void;
  parts: WritingParts;
  preview: ReturnType<typeof useBlastPreview>;
  attachments: readonly Attachment[];
  /** Why it was not sent or saved. */
  error: unknown;
  /** Whether it can go at once. */
  mayNow: boolean;
  onSubmit(): void;
  /** Above the fields. */
  notice?: ReactNode;
  /** The buttons. */
  children: ReactNode;
}

/** Everything about a blast that can be chosen, with what the first recipient will see beside it. */
export function ComposeForm(props: ComposeProps) {
  const { place, form, set, parts, preview, attachments, error, mayNow, onSubmit, notice, children } = props;
  const p = preview.data;
  const unknown = unknownFields(form.body);
  const general = error && !fieldError(error, "body") && !fieldError(error, "send_at");
  return (
    <div className={styles["two"]}>
      <form
        className={styles["form"]}
        aria-label="Message Blast"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {notice}
        <TextField
          label="Title"
          hint="Only staff see it. Without one, the first words of the message."
          maxLength={120}
          value={form.title}
          error={fieldError(error, "title")}
          onChange={(e) => set({ title: e.target.value })}
        />
        <div>
          <ToField choice={form.choice} set={(choice) => set({ choice })} preview={p} />
          {p && form.choice.picked.length > 0 && <SkipNotice preview={p} recipients={asked(form.choice)} />}
          {preview.error && (
            <Callout tone="danger" icon="circle-alert" live="alert">
              {problemWords(preview.error)}
            </Callout>
          )}
        </div>
        <FromField value={form.onBehalfOf} set={(onBehalfOf) => set({ onBehalfOf })} />
        <MessageField
          place={place}
          form={form}
          set={set}
          parts={parts}
          error={
            unknown.length > 0
              ? `${unknown.join(", ")} ${unknown.length === 1 ? "is no field" : "are no fields"} that can be filled.`
              : fieldError(error, "body")
          }
        />
        <div className={styles["cols2"]}>
          <WhenField
            value={form.sendAt}
            set={(sendAt) => set({ sendAt })}
            mayNow={mayNow}
            error={fieldError(error, "send_at")}
          />
          <RepliesField chosen={form.staff} set={(staff) => set({ staff })} besides={form.onBehalfOf} />
        </div>
        {general ? (
          <Callout tone="danger" icon="circle-alert" live="alert">
            {problemWords(error)}
          </Callout>
        ) : null}
        {children}
        <p className={styles["note"]}>
          Recipients are checked again when it sends. Anyone whose chat is off by then is skipped.
        </p>
      </form>
      <PreviewCard form={form} attachments={attachments} example={p?.example ?? null} />
    </div>
  );
}
