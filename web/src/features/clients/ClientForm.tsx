import { type FormEvent, useEffect, useState } from "react";
import { fieldError } from "../../api/client.ts";
import { useGroups, useStaff } from "../../api/directory.ts";
import type { Client } from "../../api/types.ts";
import { guardLeaving } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { Check, SelectField, TextField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import styles from "./Clients.module.css";
import { changesOf, type ClientDraft, draftOf } from "./clientDraft.ts";
import { useChangeClient } from "./queries.ts";

interface FormProps {
  client: Client;
  readOnly: boolean;
}

/** Edits a client; nothing is changed before Save. */
export function ClientForm({ client, readOnly }: FormProps) {
  const [draft, setDraft] = useState<ClientDraft>(() => draftOf(client));
  const change = useChangeClient(client.id);
  const changes = changesOf(client, draft);
  const changed = Object.keys(changes).length;
  useEffect(() => (changed > 0 ? guardLeaving() : undefined), [changed]);
  const set = (patch: Partial<ClientDraft>) => setDraft({ ...draft, ...patch });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (changed === 0 || draft.name.trim() === "") return;
    change.mutate(changes, { onSuccess: () => say("Saved.") });
  };
  return (
    <form onSubmit={save} noValidate>
      <Card
        title="Profile"
        footer={
          readOnly ? undefined : (
            <>
              <span
                className={changed > 0 ? page["unsaved"] : undefined}
                style={{ marginRight: "auto" }}
                role="status"
              >
                {changed === 0
                  ? "No changes"
                  : `${changed} ${changed === 1 ? "change" : "changes"} not saved`}
              </span>
              {changed > 0 && (
                <Button look="ghost" onClick={() => setDraft(draftOf(client))}>
                  Undo
                </Button>
              )}
              <Button type="submit" look="outline" disabled={changed === 0 || change.isPending}>
                Save
              </Button>
            </>
          )
        }
      >
        <fieldset disabled={readOnly} className={page["two"]}>
          <legend className="sr">Profile</legend>
          <TextField
            label="Name"
            maxLength={200}
            autoComplete="off"
            error={draft.name.trim() === "" ? "This is needed." : fieldError(change.error, "name")}
            value={draft.name}
            onChange={(e) => set({ name: e.target.value })}
          />
          <TextField
            label="Email"
            type="email"
            maxLength={254}
            autoComplete="off"
            error={fieldError(change.error, "email")}
            value={draft.email}
            onChange={(e) => set({ email: e.target.value })}
          />
          <TextField
            label="Alias"
            hint="What other clients see in community chats, where the practice chose aliases."
            maxLength={200}
            autoComplete="off"
            error={fieldError(change.error, "alias")}
            value={draft.alias}
            onChange={(e) => set({ alias: e.target.value })}
          />
        </fieldset>
        <Care draft={draft} set={set} readOnly={readOnly} error={change.error} />
        <Problem error={change.error} />
      </Card>
    </form>
  );
}

interface CareProps {
  draft: ClientDraft;
  set(patch: Partial<ClientDraft>): void;
  readOnly: boolean;
  error: unknown;
}

function Care({ draft, set, readOnly, error }: CareProps) {
  const { data: groups } = useGroups();
  const { data: staff } = useStaff();
  const team = (staff ?? []).filter((s) => s.active !== false || draft.team.includes(s.id));
  const toggle = (id: string, on: boolean) =>
    set({ team: on ? [...draft.team, id] : draft.team.filter((x) => x !== id) });
  return (
    <fieldset disabled={readOnly} style={{ display: "grid", gap: 16 }}>
      <legend className="sr">Care</legend>
      <div className={page["two"]}>
        <SelectField label="Group" value={draft.group} onChange={(e) => set({ group: e.target.value })}>
          <option value="">No group</option>
          {(groups ?? []).map((g) => (
            <option key={g.id} value={g.id}>
              {g.name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Primary provider"
          hint="Has a direct conversation with this client and belongs to the care team."
          error={fieldError(error, "primary_provider_id")}
          value={draft.provider}
          onChange={(e) =>
            set({ provider: e.target.value, team: [...new Set([...draft.team, e.target.value])] })
          }
        >
          {team.map((s) => (
            <option key={s.id} value={s.id}>
              {s.name}
            </option>
          ))}
        </SelectField>
      </div>
      <div role="group" aria-label="Care team">
        <p className={styles["legend"]}>Care team</p>
        <div className={styles["team"]}>
          {team.map((s) => (
            <Check
              key={s.id}
              label={s.name}
              hint={s.id === draft.provider ? "Primary provider" : (s.title ?? undefined)}
              checked={draft.team.includes(s.id)}
              disabled={s.id === draft.provider}
              onChange={(e) => toggle(s.id, e.target.checked)}
            />
          ))}
        </div>
      </div>
    </fieldset>
  );
}
