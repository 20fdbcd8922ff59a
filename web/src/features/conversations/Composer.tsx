import { type FormEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { outbox, sayTyping } from "../../live/connection.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import styles from "./Composer.module.css";
import { ComposerField, type FieldKeys } from "./ComposerField.tsx";
import { About, Behalf, EmojiTool, Hint, Room } from "./composerParts.tsx";
import { longest, placeholder } from "./composerText.ts";
import { compose, composed, composing, composingIn } from "./composing.ts";
import { saveEdit, startEditing } from "./editing.ts";
import { mentionable, toTokens } from "./mentions.ts";
import { aboveParts, boxParts, type ComposerPorts, sendParts, takeFiles, tools } from "./slots/composer.ts";
import { drafts, useDraftKeeper, useDraftText } from "./useDraft.ts";
import { useDraftAside } from "./useDraftAside.ts";

const typingEvery = 3_000;

interface ComposerProps {
  conversation: Conversation;
  title: string;
  /** Told after something was sent, so that the thread can go to its end. */
  onSent(): void;
}

/** Where a message is written. It says who will read it. */
export function Composer({ conversation: c, title, onSent }: ComposerProps) {
  const me = useMe();
  const client = isClient(me);
  const field = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const { ports, behalf, setBehalf, send, editing } = useComposer(c, field, onSent);
  useDraftKeeper(c.id);
  useDraftAside(c);
  useDroppedFiles(ports, form);
  useFocusOn(c.id, field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const keys: FieldKeys = { send, up: () => startEditing(c, me), escape: () => leaveAside(c.id) };
  const above = aboveParts.map((Part, i) => <Part key={i} ports={ports} />);
  const inBox = (
    <>
      <About conversation={c} />
      {boxParts.map((Part, i) => (
        <Part key={i} ports={ports} />
      ))}
      <ComposerField
        ref={field}
        label={`Message ${title}`}
        placeholder={placeholder(c, title, me.user.id)}
        ports={ports}
        keys={keys}
      />
    </>
  );
  const bar = tools.map((Tool, i) => <Tool key={i} ports={ports} />);
  if (client) {
    return (
      <div className={styles["composer"]}>
        {above}
        <Room text={ports.text} />
        <form ref={form} className={styles["pill"]} aria-label="Write a message" onSubmit={submit}>
          {bar}
          <div className={styles["box"]}>{inBox}</div>
          {sendParts.map((Part, i) => (
            <Part key={i} ports={ports} />
          ))}
          <IconButton
            label={editing ? "Save" : "Send"}
            icon={editing ? "check" : "arrow-up"}
            iconSize={20}
            fill
            round
            type="submit"
            disabled={!ports.sendable}
          />
        </form>
      </div>
    );
  }
  return (
    <div className={cx(styles["composer"], c.kind === "internal" && styles["staffOnly"])}>
      {above}
      <form ref={form} className={styles["box"]} aria-label="Write a message" onSubmit={submit}>
        {inBox}
        <div className={styles["bar"]}>
          {bar}
          <EmojiTool ports={ports} />
          {!editing && <Behalf conversation={c} value={behalf} onChange={setBehalf} />}
          {ports.text.length > nearly ? <Room text={ports.text} /> : <Hint ports={ports} editing={editing} />}
          <span className={styles["split"]}>
            <Button type="submit" look="primary" disabled={!ports.sendable}>
              {editing ? "Save" : "Send"}
            </Button>
            {!editing && sendParts.map((Part, i) => <Part key={i} ports={ports} />)}
          </span>
        </div>
      </form>
    </div>
  );
}

/** From about here on the room that is left is shown. */
const nearly = 19_000;

/** Gives up the edit, then the reply; false where there was neither and the field may be left. */
function leaveAside(id: string): boolean {
  const { editing, replyTo } = composingIn(composing.get(), id);
  if (editing) compose(id, { editing: null, editText: "" });
  else if (replyTo) compose(id, { replyTo: null });
  return Boolean(editing ?? replyTo);
}

/** What is being written, and how it goes out. */
function useComposer(c: Conversation, field: RefObject<HTMLTextAreaElement | null>, onSent: () => void) {
  const draft = useDraftText(c);
  const aside = useStore(composing, (all) => composingIn(all, c.id));
  const [behalf, setBehalf] = useState(() => (c.organization_inbox ? (c.on_behalf_of_ids[0] ?? "") : ""));
  const tell = useTyping(c.id);
  const { editing, attachments, busy } = aside;
  const text = editing ? aside.editText : draft;
  const length = text.length > nearly ? Array.from(text).length : text.length;
  const something = text.trim() !== "" || attachments.length > 0;
  const sendable = something && length <= longest && !busy;
  const setText = (next: string) => {
    if (editing) compose(c.id, { editText: next });
    else drafts.type(c.id, next);
    if (next.trim() !== "" && !editing) tell.typed();
  };
  const sent = () => {
    composed(c.id);
    drafts.sent(c.id);
    tell.done();
    field.current?.focus();
    onSent();
  };
  const body = () => (mentionable(c) ? toTokens(text, c.members, aside.picked) : text);
  const ports: ComposerPorts = {
    conversation: c,
    text,
    sendable,
    setText,
    insert: (part, select) => insertAt(field.current, text, part, setText, select),
    outgoing: () => ({
      body: body(),
      replyTo: aside.replyTo?.id ?? null,
      onBehalfOf: behalf || null,
      attachments: attachments.map((a) => a.id),
    }),
    focus: () => field.current?.focus(),
    sent,
  };
  const send = () => {
    if (!sendable) return;
    if (editing) return void saveEdit(c.id, editing, body());
    outbox.send(c.id, body(), { onBehalfOf: behalf || null, replyTo: aside.replyTo, attachments });
    sent();
  };
  return { ports, behalf, setBehalf, send, editing: editing !== null };
}

function insertAt(
  field: HTMLTextAreaElement | null,
  text: string,
  part: string,
  setText: (text: string) => void,
  select = "",
): void {
  const start = field?.selectionStart ?? text.length;
  const end = field?.selectionEnd ?? text.length;
  setText(text.slice(0, start) + part + text.slice(end));
  requestAnimationFrame(() => {
    field?.focus();
    const at = select === "" ? -1 : part.indexOf(select);
    if (at < 0) field?.setSelectionRange(start + part.length, start + part.length);
    else field?.setSelectionRange(start + at, start + at + select.length);
  });
}

/** Choosing "Reply" or "Edit" goes on in the field. */
function useFocusOn(id: string, field: RefObject<HTMLTextAreaElement | null>): void {
  const about = useStore(composing, (all) => {
    const { editing, replyTo } = composingIn(all, id);
    return editing ?? replyTo;
  });
  const before = useRef(about);
  useEffect(() => {
    if (about && about !== before.current) field.current?.focus();
    before.current = about;
  }, [about, field]);
}

/** Files that are dropped anywhere on the thread, or pasted into the text. */
function useDroppedFiles(ports: ComposerPorts, form: RefObject<HTMLFormElement | null>): void {
  const latest = useRef(ports);
  useEffect(() => {
    latest.current = ports;
  });
  useEffect(() => {
    const place = form.current?.closest<HTMLElement>("[data-thread]") ?? form.current;
    if (!place || !takeFiles) return;
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const take = (event: Event, data: DataTransfer | null) => {
      const files = [...(data?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      takeFiles?.(latest.current, files);
    };
    const drop = (event: DragEvent) => take(event, event.dataTransfer);
    const paste = (event: ClipboardEvent) => take(event, event.clipboardData);
    place.addEventListener("dragover", over);
    place.addEventListener("drop", drop);
    place.addEventListener("paste", paste);
    return () => {
      place.removeEventListener("dragover", over);
      place.removeEventListener("drop", drop);
      place.removeEventListener("paste", paste);
    };
  }, [form]);
}

/** Says "typing" at most every three seconds, and at once again after a message went out. */
function useTyping(conversationId: string) {
  const said = useRef(0);
  return useMemo(
    () => ({
      typed() {
        const now = Date.now();
        if (now - said.current < typingEvery) return;
        said.current = now;
        sayTyping(conversationId);
      },
      done() {
        said.current = 0;
      },
    }),
    [conversationId],
  );
}
