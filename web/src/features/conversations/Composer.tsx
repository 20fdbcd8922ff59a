import { type KeyboardEvent, type Ref, useLayoutEffect, useMemo, useRef, useState } from "react";
import { isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { others } from "../../lib/people.ts";
import { useStore } from "../../lib/store.ts";
import { callName, count, listed } from "../../lib/text.ts";
import { outbox, sayTyping } from "../../live/connection.ts";
import { liveStatus } from "../../live/status.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Kbd } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Composer.module.css";
import { drafts, useDraftKeeper, useDraftText } from "./useDraft.ts";

/** Characters a message may have, counted as the server counts them. */
const longest = 20_000;
/** From here on the room that is left is shown. */
const nearlyFull = 19_000;
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
  const text = useDraftText(c);
  const [behalf, setBehalf] = useState(() => (c.organization_inbox ? (c.on_behalf_of_ids[0] ?? "") : ""));
  const field = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const tell = useTyping(c.id);
  useDraftKeeper(c.id);
  useGrow(field, text);
  const length = text.length > nearlyFull ? Array.from(text).length : text.length;
  const sendable = text.trim() !== "" && length <= longest;

  const send = () => {
    if (!sendable) return;
    outbox.send(c.id, text, behalf || null);
    drafts.sent(c.id);
    tell.done();
    field.current?.focus();
    onSent();
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") event.currentTarget.blur();
  };
  const area = (
    <Area
      ref={field}
      label={`Message ${title}`}
      placeholder={placeholder(c, title, me.user.id)}
      value={text}
      onKey={onKey}
      onText={(value) => {
        drafts.type(c.id, value);
        if (value.trim() !== "") tell.typed();
      }}
    />
  );
  const left = length > nearlyFull && (
    <span className={cx(styles["hint"], length > longest && styles["over"])} role="status">
      {length > longest
        ? `${count(length - longest, "character")} too many`
        : `${count(longest - length, "character")} left`}
    </span>
  );
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    send();
  };
  if (isClient(me)) {
    return (
      <div className={styles["composer"]}>
        {left}
        <form ref={form} className={styles["pill"]} aria-label="Write a message" onSubmit={submit}>
          <div className={styles["box"]}>{area}</div>
          <IconButton
            label="Send"
            icon="arrow-up"
            iconSize={20}
            fill
            round
            type="submit"
            disabled={!sendable}
          />
        </form>
      </div>
    );
  }
  return (
    <div className={cx(styles["composer"], c.kind === "internal" && styles["staffOnly"])}>
      <form ref={form} className={styles["box"]} aria-label="Write a message" onSubmit={submit}>
        {area}
        <div className={styles["bar"]}>
          <Behalf conversation={c} value={behalf} onChange={setBehalf} />
          {left || <Hint conversation={c} empty={text === ""} />}
          <Button type="submit" look="primary" disabled={!sendable}>
            Send
          </Button>
        </div>
      </form>
    </div>
  );
}

interface AreaProps {
  label: string;
  placeholder: string;
  value: string;
  onText(value: string): void;
  onKey(event: KeyboardEvent<HTMLTextAreaElement>): void;
  ref: Ref<HTMLTextAreaElement>;
}

function Area({ label, placeholder, value, onText, onKey, ref }: AreaProps) {
  return (
    <textarea
      ref={ref}
      rows={1}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={onKey}
    />
  );
}

/** Grows with its text. */
function useGrow(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const el = field.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${el.scrollHeight}px`;
  }, [field, text]);
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

function placeholder(c: Conversation, title: string, meId: string): string {
  if (c.kind === "community") return `Message everyone in ${title}`;
  const rest = others(c.members, meId);
  const one = c.kind === "direct" ? rest.find((m) => m.kind === "client") : undefined;
  if (one) return `Message ${callName(one.name)}`;
  if (rest.length > 3 || (c.kind === "internal" && c.subject !== "")) return `Message ${title}`;
  return `Message ${listed(rest.map((m) => callName(m.name)))}`;
}

function Hint({ conversation: c, empty }: { conversation: Conversation; empty: boolean }) {
  const live = useStore(liveStatus, (s) => s);
  if (live === "lost") return <span className={styles["hint"]}>Will send when you’re back online</span>;
  if (c.kind === "internal") {
    return (
      <span className={styles["hint"]}>
        <Icon name="lock" size={14} /> Staff only
      </span>
    );
  }
  if (c.kind === "community" && empty) {
    return (
      <span className={styles["hint"]}>{count(c.members.length, "person", "people")} will see this</span>
    );
  }
  return (
    <span className={cx(styles["hint"], "only-desk")}>
      <Kbd>{isMac() ? "⌘" : "Ctrl"}</Kbd> <Kbd>↵</Kbd> to send
    </span>
  );
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

interface BehalfProps {
  conversation: Conversation;
  value: string;
  onChange(value: string): void;
}

/** Answering for a colleague, where the server allows it. */
function Behalf({ conversation: c, value, onChange }: BehalfProps) {
  const options = c.members.filter((m) => (c.on_behalf_of_ids ?? []).includes(m.user_id));
  if (options.length === 0) return null;
  return (
    <select
      className={styles["behalf"]}
      aria-label="Send as"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">As yourself</option>
      {options.map((m) => (
        <option key={m.user_id} value={m.user_id}>
          On behalf of {m.name}
        </option>
      ))}
    </select>
  );
}
