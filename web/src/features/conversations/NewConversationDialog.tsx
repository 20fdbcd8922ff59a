import { useState } from "react";
import { useGroups } from "../../api/directory.ts";
import { can, isClient, useMe } from "../../api/session.ts";
import { useRested } from "../../lib/hooks.ts";
import { navigate } from "../../lib/router.tsx";
import { count, listed } from "../../lib/text.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { CommunityOptions, LeftOutNotice, type Options } from "./community/CommunityOptions.tsx";
import { useLeftOut } from "./community/useLeftOut.ts";
import { type Opened, useCreateConversation } from "./mutations.ts";
import { Picker } from "./Picker.tsx";
import { groupRecipient, type Plan, plan, type Recipient } from "./recipients.ts";
import { usePeople } from "./usePeople.ts";

/** Choosing whom to write to; what kind of conversation it makes follows from the people. */
export function NewConversationDialog({ close }: { close(): void }) {
  const me = useMe();
  const [chosen, setChosen] = useState<readonly Recipient[]>([]);
  const [text, setText] = useState("");
  const [subject, setSubject] = useState("");
  const [options, setOptions] = useState<Options>({ keepInStep: false, history: false });
  const create = useCreateConversation();
  const rested = useRested(text.trim(), 200);
  const people = usePeople(rested);
  const groups = useGroupPicks(rested);
  const what = plan(chosen, can(me, "start_community_chats"), subject);
  const leftOut = useLeftOut(what.groups, what.leftOut);
  const client = isClient(me);

  const start = () => {
    if (what.obstacle) return;
    create.mutate(
      // A client's side is fixed: their own conversation with the staff they chose.
      {
        kind: client ? "direct" : what.kind,
        memberIds: what.reaches.map((r) => r.id),
        subject,
        ...(what.kind === "community" && {
          groupIds: what.groups.map((g) => g.id),
          keepInStep: options.keepInStep && what.groups.length > 0,
          history: options.history,
        }),
      },
      { onSuccess: (made) => started(made) },
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
          <span className="muted">
            {chosen.length > 0 && !client ? footing(what, chosen.length, leftOut.total) : ""}
          </span>
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
        people={[...groups, ...people.list]}
        loading={people.loading}
        text={text}
        setText={setText}
        chosen={chosen}
        choose={choose}
      >
        {what.kind === "direct" && what.leftOut.length > 0 && (
          <Callout tone="amber" icon="message-circle-off" live="status">
            {what.obstacle}
          </Callout>
        )}
        {what.kind === "community" && <LeftOutNotice leftOut={leftOut} of={clientsIn(chosen)} />}
        {!client && what.kind === "community" && (
          <CommunityOptions
            subject={subject}
            setSubject={setSubject}
            groups={what.groups}
            options={options}
            set={setOptions}
          />
        )}
        {!client && chosen.length > 0 && what.kind === "internal" && (
          <TextField
            label="Subject (optional)"
            hint="Only staff see this."
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

/** How many clients were chosen, one by one and with groups. */
function clientsIn(chosen: readonly Recipient[]): number {
  return chosen.reduce((n, r) => n + (r.kind === "group" ? (r.size ?? 0) : r.kind === "client" ? 1 : 0), 0);
}

/** The groups whose names fit what was typed, for those who may start community chats. */
function useGroupPicks(q: string): Recipient[] {
  const me = useMe();
  const may = !isClient(me) && can(me, "start_community_chats");
  const { data } = useGroups(may);
  const words = q.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
  return (data ?? [])
    .filter((g) => g.client_count > 0 && words.every((w) => g.name.toLocaleLowerCase("en-US").includes(w)))
    .map(groupRecipient);
}

/** The server's word on who was left out is the last one. */
function started(made: Opened): void {
  const names = (made.left_out ?? []).map((r) => r.name);
  if (names.length > 0) {
    const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names;
    say(`Started without ${listed(shown)}.`);
  }
  navigate(`/inbox/${made.id}`);
}

function startWord(what: Plan, client: boolean): string {
  if (client) return "Write";
  if (what.kind === "community")
    return what.groups.length > 0
      ? "Start the chat"
      : `Start with ${count(what.reaches.length, "person", "people")}`;
  return what.kind === "internal" ? "Start conversation" : "Open conversation";
}

function footing(what: Plan, chosen: number, leftOut: number): string {
  const kind = { direct: "Direct message", community: "Community Chat", internal: "Internal, staff only" }[
    what.kind
  ];
  const left = what.kind === "community" && leftOut > 0 ? `, ${leftOut} left out` : "";
  return `${kind} · ${chosen} chosen${left}`;
}
