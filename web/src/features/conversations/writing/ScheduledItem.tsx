import { type FormEvent, useEffect, useState } from "react";
import { queryClient } from "../../../api/cache.ts";
import { ApiError, explain } from "../../../api/client.ts";
import { keys } from "../../../api/keys.ts";
import { useMe } from "../../../api/session.ts";
import type { Conversation, Scheduled } from "../../../api/types.ts";
import { keepScheduled, useCancelScheduled, useReschedule } from "../../../api/writing.ts";
import { conversationTitle } from "../../../lib/people.ts";
import { Link, navigate } from "../../../lib/router.tsx";
import { useStore } from "../../../lib/store.ts";
import { Tag } from "../../../ui/Badge.tsx";
import { Button } from "../../../ui/Button.tsx";
import { AreaField, TextField } from "../../../ui/Field.tsx";
import { Icon } from "../../../ui/Icon.tsx";
import { Problem } from "../../../ui/States.tsx";
import { say } from "../../../ui/toast.ts";
import { longest } from "../composerText.ts";
import { composed, composing, composingIn } from "../composing.ts";
import { closeDialog } from "../dialogs.tsx";
import { AttachTools } from "../files/AttachTools.tsx";
import { type FilePorts, uploads } from "../files/files.ts";
import { FileStrip } from "../files/FileStrip.tsx";
import { of } from "../files/uploads.ts";
import { inboxHref } from "../filters.ts";
import { fromTokens, toTokens } from "../mentions.ts";
import { plainBody } from "../plain.ts";
import { useConversation } from "../queries.ts";
import { drafts } from "../useDraft.ts";
import { whySkipped } from "./skipped.ts";
import { fieldTime, fieldValue, whenWords } from "./times.ts";
import styles from "./Writing.module.css";

/** One scheduled message: when, what, and what can be done about it. */
export function ScheduledItem({ scheduled: s, titled }: { scheduled: Scheduled; titled?: boolean }) {
  const [editing, setEditing] = useState(false);
  const { data: c } = useConversation(s.conversation_id);
  const people = (c?.members ?? []).map((m) => ({ id: m.user_id, name: m.name, kind: m.kind }));
  return (
    <li className={styles["item"]} data-scheduled-id={s.id} data-state={s.state}>
      {titled && <Title id={s.conversation_id} conversation={c} />}
      <p className={styles["when"]}>
        <Tag tone={s.state === "skipped" ? "amber" : "info"}>
          {s.state === "skipped" ? "Not sent" : "Scheduled"}
        </Tag>
        <time dateTime={s.send_at}>{whenWords(s.send_at)}</time>
      </p>
      {s.state === "skipped" && <p className={styles["why"]}>{whySkipped(s.why)}</p>}
      {editing ? (
        <EditForm scheduled={s} conversation={c} done={() => setEditing(false)} />
      ) : (
        <>
          {s.body !== "" && <p className={styles["text"]}>{plainBody({ body: s.body, mentions: people })}</p>}
          {s.attachments.length > 0 && (
            <p className={styles["files"]}>
              <Icon name="paperclip" size={14} />
              {s.attachments.map((a) => a.name).join(", ")}
            </p>
          )}
          {s.state === "scheduled" ? (
            <Acts scheduled={s} edit={() => setEditing(true)} />
          ) : (
            <Again scheduled={s} text={fromTokens(s.body, people)} />
          )}
        </>
      )}
    </li>
  );
}

function Title({ id, conversation }: { id: string; conversation: Conversation | undefined }) {
  const me = useMe();
  return (
    <Link href={inboxHref(id)} className={styles["title"]}>
      {conversation ? conversationTitle(conversation, me.user.id) : "Open the conversation"}
    </Link>
  );
}

function Acts({ scheduled: s, edit }: { scheduled: Scheduled; edit(): void }) {
  const cancel = useCancelScheduled();
  const take = () =>
    cancel.mutate(s, {
      onSuccess: () => say("Cancelled. It won’t be sent."),
      onError: (error) => say(late(error) ?? `Not cancelled. ${explain(error)}`),
    });
  return (
    <div className={styles["acts"]}>
      <Button size="small" onClick={edit}>
        Edit
      </Button>
      <Button size="small" look="ghost" disabled={cancel.isPending} onClick={take}>
        Cancel message
      </Button>
    </div>
  );
}

/** What was not sent goes back to the composer, in front of what is being written there. */
function Again({ scheduled: s, text }: { scheduled: Scheduled; text: string }) {
  const id = s.conversation_id;
  const write = () => {
    const stored = queryClient.getQueryData<Conversation>(keys.conversation(id))?.draft ?? "";
    const now = drafts.unsaved.get()[id]?.text ?? stored;
    drafts.type(id, [text, now].filter(Boolean).join("\n\n"));
    closeDialog();
    navigate(inboxHref(id));
  };
  return (
    <div className={styles["acts"]}>
      <Button size="small" onClick={write}>
        Write it again
      </Button>
    </div>
  );
}

/** The server's word that it went, or was changed elsewhere, a moment ago; what is true now is shown. */
function late(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.code !== "version_conflict") return null;
  const now = error.current as Scheduled;
  keepScheduled(now);
  return now.state === "scheduled"
    ? "It was changed on another device a moment ago."
    : "It has gone already.";
}

/** The files of a scheduled message while it is edited: nothing of them changes before it is saved. */
function useFilesOf({ id, attachments: before }: Scheduled) {
  const { attachments, busy } = useStore(composing, (all) => composingIn(all, id));
  const [ports] = useState<FilePorts>({ conversation: { id }, focus: () => undefined });
  useEffect(() => {
    uploads.show(id, before, { held: true });
    return () => {
      for (const u of of(uploads.store.get(), id)) uploads.remove(u.id);
      composed(id);
    };
    // What the server says later does not take away what somebody is choosing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
  const ids = attachments.map((a) => a.id);
  const changed = ids.join() !== before.map((a) => a.id).join();
  return { ports, ids, busy, changed, saved: () => composed(id) };
}

interface EditProps {
  scheduled: Scheduled;
  conversation: Conversation | undefined;
  done(): void;
}

function EditForm({ scheduled: s, conversation: c, done }: EditProps) {
  const members = c?.members ?? [];
  const [text, setText] = useState(() =>
    fromTokens(
      s.body,
      members.map((m) => ({ id: m.user_id, name: m.name, kind: m.kind })),
    ),
  );
  const [when, setWhen] = useState(fieldValue(new Date(s.send_at)));
  const change = useReschedule();
  const files = useFilesOf(s);
  const moved = when !== fieldValue(new Date(s.send_at));
  const at = fieldTime(when, new Date());
  const something = text.trim() !== "" || files.ids.length > 0;
  const ready = something && !files.busy && (!moved || at !== null) && !change.isPending;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const body = c && c.kind !== "direct" ? toTokens(text, members) : text;
    change.mutate(
      {
        id: s.id,
        version: s.version,
        body,
        ...(moved && at && { send_at: at.toISOString() }),
        ...(files.changed && { attachment_ids: files.ids }),
      },
      {
        onSuccess() {
          files.saved();
          done();
        },
        onError(error) {
          const words = late(error);
          if (words) say(words);
          if (words) done();
        },
      },
    );
  };
  return (
    <form className={styles["edit"]} onSubmit={save} noValidate>
      <AreaField
        label="Message"
        rows={4}
        maxLength={longest}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <FileStrip ports={files.ports} />
      <div className={styles["tools"]}>
        <AttachTools ports={files.ports} />
      </div>
      <TextField
        label="Date and time"
        type="datetime-local"
        value={when}
        error={moved && !at ? "Choose a time that is still to come." : undefined}
        onChange={(e) => setWhen(e.target.value)}
      />
      <Problem error={change.error} />
      <div className={styles["acts"]}>
        <Button type="submit" size="small" look="primary" disabled={!ready}>
          Save
        </Button>
        <Button size="small" look="ghost" onClick={done}>
          Leave as it was
        </Button>
      </div>
    </form>
  );
}
