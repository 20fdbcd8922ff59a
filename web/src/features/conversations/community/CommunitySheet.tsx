import { useState } from "react";
import { api, ask } from "../../../api/client.ts";
import { useGroups } from "../../../api/directory.ts";
import { can, useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";
import { keepConversation } from "../../../live/connection.ts";
import { count } from "../../../lib/text.ts";
import { Check, TextField } from "../../../ui/Field.tsx";
import { SaveBar } from "../../../ui/SaveBar.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { Callout, Problem } from "../../../ui/States.tsx";
import { SwitchSetting } from "../../../ui/Switch.tsx";
import { say } from "../../../ui/toast.ts";
import { useConversation } from "../queries.ts";
import styles from "./Community.module.css";
import { changesOf, draftOf, postsProblem, type RulesDraft } from "./rules.ts";

// Import this file only lazily: it brings react-aria.

/** How a community chat works, for everyone in it. */
export function CommunitySheet({ id, close }: { id: string; close(): void }) {
  const { data: c } = useConversation(id);
  if (!c?.community) return null;
  return <Form conversation={c} close={close} />;
}

function Form({ conversation: c, close }: { conversation: Conversation; close(): void }) {
  const [draft, setDraft] = useState<RulesDraft>(() => draftOf(c));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const changes = changesOf(c, draft);
  const wrong = postsProblem(draft.posts);
  const set = (patch: Partial<RulesDraft>) => setDraft({ ...draft, ...patch });
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const kept = await ask(
        api.PATCH("/api/v1/conversations/{id}", { params: { path: { id: c.id } }, body: changes }),
      );
      keepConversation(kept);
      setDraft(draftOf(kept));
      say("Saved.");
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  return (
    <Sheet
      title="Chat settings"
      about={c.subject || "Community Chat"}
      close={close}
      footer={
        <SaveBar
          changes={Object.keys(changes).length}
          saving={busy}
          save={() => void save()}
          discard={() => setDraft(draftOf(c))}
          close={close}
          invalid={wrong !== "" || draft.subject.trim() === ""}
        />
      }
    >
      <div className={styles["stack"]}>
        <Problem error={problem} />
        <TextField
          label="Name"
          hint="Everyone in the chat sees it."
          maxLength={200}
          value={draft.subject}
          error={draft.subject.trim() === "" ? "This is needed." : undefined}
          onChange={(e) => set({ subject: e.target.value })}
        />
        <SwitchSetting
          label="Lock this chat"
          help="Only the care team posts. Clients read along, and can still delete what they wrote."
          on={draft.locked}
          onChange={(locked) => set({ locked })}
        />
        <TextField
          label="Posts per client and hour"
          hint="Empty for no limit. The care team is never limited."
          inputMode="numeric"
          maxLength={4}
          value={draft.posts}
          error={wrong || undefined}
          onChange={(e) => set({ posts: e.target.value })}
        />
        <SwitchSetting
          label="Hide who is in it"
          help="Clients see the care team and themselves as members. They still see the names of those who post."
          on={draft.rosterHidden}
          onChange={(rosterHidden) => set({ rosterHidden })}
        />
        <Groups draft={draft} set={set} />
      </div>
    </Sheet>
  );
}

interface PartProps {
  draft: RulesDraft;
  set(patch: Partial<RulesDraft>): void;
}

/** The groups whose clients come and go with the chat. */
function Groups({ draft, set }: PartProps) {
  const me = useMe();
  const may = can(me, "view_all_clients");
  const { data: groups } = useGroups();
  const toggle = (id: string, on: boolean) =>
    set({ groups: on ? [...draft.groups, id] : draft.groups.filter((g) => g !== id) });
  return (
    <fieldset className={styles["groups"]}>
      <legend>Keep in step with groups</legend>
      <p className="muted">
        Who joins a group comes in, and who leaves it goes. Whom you add by hand stays; whom you take out
        stays out.
      </p>
      {!may && (
        <Callout tone="quiet" icon="lock">
          Choosing groups needs the permission to view all clients. You can end what is chosen.
        </Callout>
      )}
      {(groups ?? []).map((g) => (
        <Check
          key={g.id}
          label={g.name}
          hint={count(g.client_count, "client")}
          checked={draft.groups.includes(g.id)}
          disabled={!may && !draft.groups.includes(g.id)}
          onChange={(e) => toggle(g.id, e.target.checked)}
        />
      ))}
      {groups?.length === 0 && <p className="muted">There are no groups yet.</p>}
    </fieldset>
  );
}
