import { useState } from "react";
import { useMe, isClient, can } from "../../api/session.ts";
import { asked, leaveOut, noChoice, putBack, repick, within } from "../../api/choice.ts";
import { handedOver, useBlastPreview } from "../../api/blasts.ts";
import { type Recipient, usePeople } from "../../api/recipients.ts";
import { useRested } from "../../lib/hooks.ts";
import { navigate } from "../../lib/router.tsx";
import { listed } from "../../lib/text.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { SkipNotice } from "../../ui/SkipNotice.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { CommunityOptions, LeftOutNotice, type Options } from "./community/CommunityOptions.tsx";
import { useLeftOut } from "./community/useLeftOut.ts";
import { type Opened, useCreateConversation } from "./mutations.ts";
import { isMany, plan, tooMany } from "./recipients.ts";
import { footing, startWord } from "./startWords.ts";
import { useGroupPicks } from "./useGroupPicks.ts";
import { Way } from "./Way.tsx";

/** Choosing whom to write to; what kind of conversation it makes follows from the people. */
export function NewConversationDialog({ close }: { close(): void }) {
  const me = useMe();
  const client = isClient(me);
  const ways = useWays();
  const [choice, setChoice] = useState(noChoice);
  const [text, setText] = useState("");
  const [subject, setSubject] = useState("");
  const [options, setOptions] = useState<Options>({ keepInStep: false, history: false });
  const create = useCreateConversation();
  const rested = useRested(text.trim(), 200);
  const people = usePeople(rested);
  const groups = useGroupPicks(rested);
  const what = plan(choice, ways, subject);
  const many = !client && isMany(choice);
  const recipients = asked(choice);
  const preview = useBlastPreview(recipients, many && ways.mayBlast);
  const reach = many ? preview.data : undefined;
  const leftOut = useLeftOut(what.kind === "community" ? what.groups : [], what.leftOut);
  const ready = what.obstacle === "" && (what.kind !== "blast" || (reach?.reachable ?? 0) > 0);

  const choose = (next: readonly Recipient[]) => {
    setChoice(repick(choice, client ? next.slice(-1) : next, me.user.id));
    setText("");
  };
  const start = () => {
    if (!ready) return;
    if (what.kind === "blast") {
      const staff = choice.picked.filter((r) => r.kind === "staff").map((r) => r.id);
      const clients = choice.picked.filter((r) => r.kind !== "staff");
      handedOver.set({ choice: { ...choice, picked: clients }, staff });
      return navigate("/blasts/new");
    }
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
  return (
    <Dialog
      title={client ? "New message" : "New conversation"}
      wide
      close={close}
      onSubmit={start}
      footer={
        <>
          <span className="muted" role="status">
            {choice.picked.length > 0 && !client
              ? footing(what, choice.picked.length, leftOut.total, reach)
              : ""}
          </span>
          <Button look="ghost" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={!ready || create.isPending}>
            {startWord(what, client, reach)}
          </Button>
        </>
      }
    >
      <Picker
        people={[...groups, ...people.list]}
        loading={people.loading}
        text={text}
        setText={setText}
        chosen={choice.picked}
        choose={choose}
        {...(ways.mayBlast && {
          available: (p: Recipient) => (what.kind === "community" ? p.community : p.direct),
          community: what.kind === "community",
          ...(what.kind !== "community" && {
            sets: {
              within: (p: Recipient) => within(choice.picked, p, me.user.id),
              without: choice.without,
              leaveOut: (p: Recipient) => setChoice(leaveOut(choice, p)),
              putBack: (id: string) => setChoice(putBack(choice, id)),
            },
          }),
        })}
      >
        {what.kind === "direct" && what.leftOut.length > 0 && (
          <Callout tone="amber" icon="message-circle-off" live="status">
            {what.obstacle}
          </Callout>
        )}
        {what.kind === "blast" && reach && <SkipNotice preview={reach} recipients={recipients} />}
        {what.kind === "community" && <LeftOutNotice leftOut={leftOut} of={clientsIn(choice.picked)} />}
        {many && ways.mayBlast && ways.mayCommunity && (
          <Way wanted={ways.wanted} set={ways.want} reach={reach} only={tooMany(choice)} />
        )}
        {what.kind === "community" && ways.mayCommunity && (
          <CommunityOptions
            subject={subject}
            setSubject={setSubject}
            groups={what.groups}
            options={options}
            set={setOptions}
          />
        )}
        {!client && choice.picked.length > 0 && what.kind === "internal" && (
          <TextField
            label="Subject (optional)"
            hint="Only staff see this."
            maxLength={200}
            value={subject}
            onChange={(e) => setSubject(e.target.value)}
          />
        )}
        {what.kind === "community" && (!ways.mayCommunity || tooMany(choice)) && (
          <Callout tone="quiet">{what.obstacle}</Callout>
        )}
        <Problem error={create.error ?? (what.kind === "blast" ? preview.error : null)} />
      </Picker>
    </Dialog>
  );
}

/** What this person may make of several clients, and what they want. */
function useWays() {
  const me = useMe();
  const [wanted, want] = useState<"blast" | "community">("blast");
  return {
    mayCommunity: can(me, "start_community_chats"),
    mayBlast: !isClient(me) && can(me, "send_blasts"),
    wanted,
    want,
  };
}

/** How many clients were chosen, one by one and with groups. */
function clientsIn(chosen: readonly Recipient[]): number {
  return chosen.reduce((n, r) => n + (r.kind === "client" ? 1 : (r.size ?? 0)), 0);
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
