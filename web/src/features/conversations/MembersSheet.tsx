import { useState } from "react";
import { explain } from "../../api/client.ts";
import { type Recipient, usePeople } from "../../api/recipients.ts";
import { can, isClient, useMe } from "../../api/session.ts";
import type { Conversation, Me, Member } from "../../api/types.ts";
import { useRested } from "../../lib/hooks.ts";
import { conversationTitle } from "../../lib/people.ts";
import { count, listed } from "../../lib/text.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { Name } from "../../ui/Name.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { say } from "../../ui/toast.ts";
import { addMember, removeMember } from "./conversationState.ts";
import { isOff, memberWord } from "./members.ts";
import styles from "./MembersSheet.module.css";
import { useConversation } from "./queries.ts";

// Import this file only lazily: it brings react-aria.

/** Everyone in a conversation; who may puts people in and takes them out. */
export function MembersSheet({ id, close }: { id: string; close(): void }) {
  const me = useMe();
  const { data: c } = useConversation(id);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  if (!c) return null;
  const may = mayManage(c, me);
  return (
    <Sheet
      title={count(c.members.length, "member")}
      about={conversationTitle(c, me.user.id)}
      close={close}
      footer={
        may && !adding ? (
          <Button look="primary" icon="user-plus" onClick={() => setAdding(true)}>
            Add people
          </Button>
        ) : undefined
      }
    >
      {adding && <Adding conversation={c} done={() => setAdding(false)} />}
      <ul className={styles["list"]}>
        {c.members.map((m) => (
          <li key={m.user_id}>
            <Avatar name={m.name} size={36} off={isOff(m, c.kind)} />
            <span className={styles["who"]}>
              <b>
                <Name name={m.name} off={isOff(m, c.kind)} />
                {m.user_id === me.user.id && " (you)"}
              </b>
              <small>{memberWord(m)}</small>
            </span>
            {may && mayRemove(c, m, me) && (
              <Button size="small" aria-label={`Remove ${m.name}`} onClick={() => setRemoving(m)}>
                Remove
              </Button>
            )}
            {removing?.user_id === m.user_id && (
              <Removing conversation={c} member={m} done={() => setRemoving(null)} />
            )}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

function mayManage(c: Conversation, me: Me): boolean {
  if (isClient(me) || c.closed_at) return false;
  const member = c.members.some((m) => m.user_id === me.user.id);
  return member && (c.kind !== "community" || can(me, "start_community_chats"));
}

/** The client of a direct conversation stays: it is theirs. Oneself leaves by another door. */
function mayRemove(c: Conversation, m: Member, me: Me): boolean {
  if (m.user_id === me.user.id) return false;
  return c.kind !== "direct" || m.kind === "staff";
}

function Removing({
  conversation,
  member,
  done,
}: {
  conversation: Conversation;
  member: Member;
  done(): void;
}) {
  const [problem, setProblem] = useState("");
  const remove = async () => {
    try {
      await removeMember(conversation, member.user_id);
      say(`${member.name} was removed.`);
      done();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <div className={styles["sure"]} role="group" aria-label={`Remove ${member.name}?`}>
      <p>{member.name} won’t be able to read or write here any more.</p>
      {problem && <p role="alert">{problem}</p>}
      <Button size="small" onClick={done}>
        Keep
      </Button>
      <Button size="small" look="dangerQuiet" onClick={() => void remove()}>
        Remove
      </Button>
    </div>
  );
}

function Adding({ conversation: c, done }: { conversation: Conversation; done(): void }) {
  const [chosen, setChosen] = useState<readonly Recipient[]>([]);
  const [text, setText] = useState("");
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const people = usePeople(useRested(text.trim(), 200));
  const offered = people.list.filter(
    (p) => !c.members.some((m) => m.user_id === p.id) && (c.kind === "community" || p.kind === "staff"),
  );
  const add = async () => {
    setBusy(true);
    const refused: string[] = [];
    const added: Recipient[] = [];
    for (const person of chosen) {
      try {
        await addMember(c, person.id);
        added.push(person);
      } catch (error) {
        refused.push(`${person.name}: ${explain(error)}`);
      }
    }
    setBusy(false);
    setProblems(refused);
    setChosen(chosen.filter((p) => !added.includes(p)));
    if (added.length > 0)
      say(`${listed(added.map((p) => p.name))} ${added.length === 1 ? "was" : "were"} added.`);
    if (refused.length === 0) done();
  };
  return (
    <div className={styles["adding"]}>
      <Picker
        people={offered}
        loading={people.loading}
        text={text}
        setText={setText}
        chosen={chosen}
        choose={(next) => {
          setChosen(next);
          setText("");
        }}
      >
        {problems.length > 0 && (
          <ul role="alert" className={styles["problems"]}>
            {problems.map((p) => (
              <li key={p}>{p}</li>
            ))}
          </ul>
        )}
      </Picker>
      <div className={styles["acts"]}>
        <Button onClick={done}>Cancel</Button>
        <Button look="primary" disabled={chosen.length === 0 || busy} onClick={() => void add()}>
          {chosen.length > 1 ? `Add ${chosen.length} people` : "Add"}
        </Button>
      </div>
    </div>
  );
}
