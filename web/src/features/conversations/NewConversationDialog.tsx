import { useState } from "react";
import { can, isClient, useMe } from "../../api/session.ts";
import { useRested } from "../../lib/hooks.ts";
import { navigate } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { useCreateConversation } from "./mutations.ts";
import { Picker } from "./Picker.tsx";
import { leftOutWords, type Plan, plan, type Recipient } from "./recipients.ts";
import { usePeople } from "./usePeople.ts";

/** Choosing whom to write to; what kind of conversation it makes follows from the people. */
export function NewConversationDialog({ close }: { close(): void }) {
  const me = useMe();
  const [chosen, setChosen] = useState<readonly Recipient[]>([]);
  const [text, setText] = useState("");
  const [subject, setSubject] = useState("");
  const create = useCreateConversation();
  const people = usePeople(useRested(text.trim(), 200));
  const what = plan(chosen, can(me, "start_community_chats"), subject);
  const client = isClient(me);

  const start = () => {
    if (what.obstacle) return;
    create.mutate(
      // A client's side is fixed: their own conversation with the staff they chose.
      { kind: client ? "direct" : what.kind, memberIds: what.reaches.map((r) => r.id), subject },
      { onSuccess: (made) => navigate(`/inbox/${made.id}`) },
    );
  };
  const choose = (next: readonly Recipient[]) => {
    setChosen(client ? next.slice(-1) : next);
    setText("");
  };
  return (
    <Dialog
      title={client ? "New message" : "New conversation"}
      wide
      close={close}
      onSubmit={start}
      footer={
        <>
          <span className="muted">{chosen.length > 0 && !client ? footing(what, chosen.length) : ""}</span>
          <Button look="ghost" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={what.obstacle !== "" || create.isPending}>
            {startWord(what, client)}
          </Button>
        </>
      }
    >
      <Picker
        people={people.list}
        loading={people.loading}
        text={text}
        setText={setText}
        chosen={chosen}
        choose={choose}
      >
        {what.leftOut.length > 0 && (
          <Callout tone="amber" icon="message-circle-off" live="status">
            {what.kind === "direct" ? what.obstacle : leftOutWords(what.leftOut, chosen.length)}
          </Callout>
        )}
        {!client && chosen.length > 0 && what.kind !== "direct" && (
          <TextField
            label={what.kind === "community" ? "Name of the community chat" : "Subject (optional)"}
            hint={
              what.kind === "community"
                ? "Everyone in it sees this name and each other."
                : "Only staff see this."
            }
            maxLength={200}
            value={subject}
            onChange={(e) => setSubject(e.target.value)}
          />
        )}
        {what.kind === "community" && !can(me, "start_community_chats") && (
          <Callout tone="quiet">{what.obstacle}</Callout>
        )}
        <Problem error={create.error} />
      </Picker>
    </Dialog>
  );
}

function startWord(what: Plan, client: boolean): string {
  if (client) return "Write";
  if (what.kind === "community") return `Start with ${count(what.reaches.length, "person", "people")}`;
  return what.kind === "internal" ? "Start conversation" : "Open conversation";
}

function footing(what: Plan, chosen: number): string {
  const kind = { direct: "Direct message", community: "Community Chat", internal: "Internal, staff only" }[
    what.kind
  ];
  const left =
    what.kind === "community" && what.leftOut.length > 0 ? `, ${what.leftOut.length} left out` : "";
  return `${kind} · ${chosen} chosen${left}`;
}
