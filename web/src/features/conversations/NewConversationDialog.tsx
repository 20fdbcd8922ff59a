import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  Autocomplete,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
} from "react-aria-components";
import { api, ask } from "../../api/client.ts";
import { useStaff } from "../../api/directory.ts";
import { can, isClient, useMe } from "../../api/session.ts";
import type { Client } from "../../api/types.ts";
import { useRested } from "../../lib/hooks.ts";
import { navigate } from "../../lib/router.tsx";
import { count } from "../../lib/text.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { useCreateConversation } from "./mutations.ts";
import styles from "./NewConversation.module.css";
import {
  clientRecipient,
  leftOutWords,
  type Plan,
  plan,
  type Recipient,
  staffRecipient,
} from "./recipients.ts";

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
      />
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

/** Clients and staff who fit what was typed. */
function usePeople(q: string): { list: Recipient[]; loading: boolean } {
  const me = useMe();
  const staff = useStaff();
  const clients = useQuery({
    queryKey: ["clients", "picker", q],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/api/v1/clients", {
          signal,
          params: { query: { limit: 30, state: "active", ...(q && { q }) } },
        }),
      ),
    enabled: !isClient(me),
    placeholderData: (before) => before,
  });
  const list = useMemo(() => {
    const words = q.toLocaleLowerCase("en-US").split(/\s+/).filter(Boolean);
    const fits = (name: string) => words.every((w) => name.toLocaleLowerCase("en-US").includes(w));
    const colleagues = (staff.data ?? []).filter(
      (s) => s.id !== me.user.id && fits(s.name) && (isClient(me) ? s.clients_may_start : s.active !== false),
    );
    return [
      ...((clients.data?.items ?? []) as Client[]).map(clientRecipient),
      ...colleagues.map(staffRecipient),
    ];
  }, [staff.data, clients.data, q, me]);
  return { list, loading: staff.isPending || (clients.isPending && !isClient(me)) };
}

interface PickerProps {
  people: readonly Recipient[];
  loading: boolean;
  text: string;
  setText(text: string): void;
  chosen: readonly Recipient[];
  choose(next: readonly Recipient[]): void;
}

function Picker({ people, loading, text, setText, chosen, choose }: PickerProps) {
  const toggle = (keys: Set<string>) => {
    const kept = chosen.filter((r) => keys.has(r.id) || !people.some((p) => p.id === r.id));
    const added = people.filter(
      (p) => keys.has(p.id) && selectable(p, chosen) && !chosen.some((r) => r.id === p.id),
    );
    choose([...kept, ...added]);
  };
  const section = (kind: Recipient["kind"]) => people.filter((p) => p.kind === kind);
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField aria-label="Add people" autoFocus className={styles["to"] ?? ""}>
        <span className="muted">To</span>
        {chosen.map((r) => (
          <span key={r.id} className={styles["chip"]}>
            <Avatar name={r.name} size={22} />
            {r.name}
            <button
              type="button"
              aria-label={`Remove ${r.name}`}
              onClick={() => choose(chosen.filter((c) => c.id !== r.id))}
            >
              <Icon name="x" size={14} />
            </button>
          </span>
        ))}
        <Input placeholder={chosen.length === 0 ? "Type a name" : ""} maxLength={200} />
      </SearchField>
      <ListBox
        aria-label="People"
        className={styles["listbox"] ?? ""}
        selectionMode="multiple"
        selectedKeys={chosen.map((r) => r.id)}
        onSelectionChange={(keys) => keys !== "all" && toggle(new Set([...keys].map(String)))}
        renderEmptyState={() => (
          <p className={styles["none"]}>
            {loading ? "Loading…" : `Nothing found for “${text}”. Try a name or fewer words.`}
          </p>
        )}
      >
        {(["client", "staff"] as const)
          .filter((kind) => section(kind).length > 0)
          .map((kind) => (
            <ListBoxSection key={kind} id={kind}>
              <Header className={styles["heading"]}>{kind === "client" ? "Clients" : "Staff"}</Header>
              {section(kind).map((p) => (
                <Pick key={p.id} person={p} available={selectable(p, chosen)} />
              ))}
            </ListBoxSection>
          ))}
      </ListBox>
    </Autocomplete>
  );
}

/** A client whose chat is off stays in the list, struck, and can not be chosen. */
function selectable(p: Recipient, chosen: readonly Recipient[]): boolean {
  const withClients = chosen.some((r) => r.kind === "client" && r.id !== p.id);
  return withClients ? p.community : p.direct;
}

function Pick({ person, available }: { person: Recipient; available: boolean }) {
  return (
    <ListBoxItem
      id={person.id}
      textValue={available ? person.name : `${person.name}, chat unavailable`}
      className={styles["pick"] ?? ""}
    >
      <Avatar name={person.name} off={!available} size={34} />
      <span>
        <b className={cx(!available && "struck")}>{person.name}</b>
        <small>{person.about}</small>
      </span>
      {available ? (
        <span className={styles["box"]}>
          <Icon name="check" size={12} />
        </span>
      ) : (
        <span className={styles["why"]} title={`Chat is unavailable for ${person.name}.`}>
          Chat unavailable
        </span>
      )}
    </ListBoxItem>
  );
}
