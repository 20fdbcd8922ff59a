import { lazy, Suspense, useRef, useState } from "react";
import type { Conversation, Message } from "../../api/types.ts";
import { useStore } from "../../lib/store.ts";
import { count } from "../../lib/text.ts";
import { liveStatus } from "../../live/status.ts";
import { IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Kbd } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Composer.module.css";
import { isMac, longest, nearlyFull } from "./composerText.ts";
import { compose, composing, composingIn } from "./composing.ts";
import { memberCount } from "./members.ts";
import { plainBody } from "./plain.ts";
import type { ComposerPorts } from "./slots/composer.ts";

const EmojiPicker = lazy(async () => ({ default: (await import("./EmojiPicker.tsx")).EmojiPicker }));

/** Which message is answered or changed, above the text. */
export function About({ conversation: c }: { conversation: Conversation }) {
  const { replyTo, editing } = useStore(composing, (all) => composingIn(all, c.id));
  const about = editing ?? replyTo;
  if (!about) return null;
  const stop = () => compose(c.id, editing ? { editing: null, editText: "" } : { replyTo: null });
  return (
    <div className={styles["about"]}>
      <Icon name={editing ? "pencil" : "reply"} size={16} />
      <p>
        <b>{editing ? "Edit your message" : `Reply to ${about.author.name}`}</b>
        <span className="clip">{line(about)}</span>
      </p>
      <IconButton label={editing ? "Stop editing" : "Don’t reply"} icon="x" iconSize={16} onClick={stop} />
    </div>
  );
}

function line(m: Message): string {
  return plainBody(m).replace(/\s+/g, " ").slice(0, 160);
}

/** How much room is left, once it matters. */
export function Room({ text }: { text: string }) {
  if (text.length <= nearlyFull) return null;
  const length = Array.from(text).length;
  return (
    <span className={cx(styles["hint"], length > longest && styles["over"])} role="status">
      {length > longest
        ? `${count(length - longest, "character")} too many`
        : `${count(longest - length, "character")} left`}
    </span>
  );
}

export function EmojiTool({ ports }: { ports: ComposerPorts }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={button}
        label="Insert an emoji"
        icon="smile"
        className="only-desk"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <EmojiPicker
            trigger={button}
            close={() => setOpen(false)}
            choose={(emoji) => {
              setOpen(false);
              ports.insert(emoji);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

export function Hint({ ports, editing }: { ports: ComposerPorts; editing: boolean }) {
  const c = ports.conversation;
  const live = useStore(liveStatus, (s) => s);
  if (live === "lost" && !editing)
    return <span className={styles["hint"]}>Will send when you’re back online</span>;
  if (c.kind === "internal") {
    return (
      <span className={styles["hint"]}>
        <Icon name="lock" size={14} /> Staff only
      </span>
    );
  }
  if (c.kind === "community" && ports.text === "") {
    const n = memberCount(c);
    return (
      <span className={cx(styles["hint"], "only-desk")}>
        {n === null ? "Everyone here" : count(n, "person", "people")} will see this
      </span>
    );
  }
  return (
    <span className={cx(styles["hint"], "only-desk")}>
      <Kbd>{isMac() ? "⌘" : "Ctrl"}</Kbd> <Kbd>↵</Kbd> to {editing ? "save" : "send"}
    </span>
  );
}

interface BehalfProps {
  conversation: Conversation;
  value: string;
  onChange(value: string): void;
}

/** Answering for a colleague, where the server allows it. */
export function Behalf({ conversation: c, value, onChange }: BehalfProps) {
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
