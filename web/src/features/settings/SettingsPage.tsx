import { type FormEvent, useEffect, useMemo, useState } from "react";
import { fieldError } from "../../api/client.ts";
import { useMe } from "../../api/session.ts";
import { colourFrom } from "../../lib/colour.ts";
import { guardLeaving } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Loaded, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { ColourField } from "./ColourField.tsx";
import { useChangeOrganization, useOrganization } from "./queries.ts";

/** The practice's own settings. */
export function SettingsPage() {
  const me = useMe();
  const organization = useOrganization();
  return (
    <Page title="Settings" narrow lede={me.organization.name}>
      <Loaded query={organization} what="the settings">
        {(practice) => <PracticeCard key={organization.dataUpdatedAt} before={practice} />}
      </Loaded>
    </Page>
  );
}

type Organization = NonNullable<ReturnType<typeof useOrganization>["data"]>;

interface Practice {
  name: string;
  time_zone: string;
  name_in_mail: string;
  /** "" is Hearth's own. */
  colour: string;
}

/** What is sent of a form: what differs from before. */
export function changesOf(before: Practice, form: Practice): Partial<Practice> {
  const wanted = { ...form, colour: colourFrom(form.colour) ?? form.colour };
  return Object.fromEntries(
    (Object.keys(wanted) as (keyof Practice)[])
      .filter((k) => wanted[k].trim() !== before[k])
      .map((k) => [k, wanted[k].trim()]),
  );
}

function PracticeCard({ before }: { before: Organization }) {
  const saved: Practice = {
    name: before.name,
    time_zone: before.time_zone,
    name_in_mail: before.name_in_mail,
    colour: before.colour ?? "",
  };
  const [form, setForm] = useState(saved);
  const change = useChangeOrganization();
  const zones = useMemo(
    () => [...new Set([before.time_zone, ...Intl.supportedValuesOf("timeZone")])],
    [before.time_zone],
  );
  const changes = changesOf(saved, form);
  const dirty = Object.keys(changes).length;
  useEffect(() => (dirty > 0 ? guardLeaving() : undefined), [dirty]);
  const set = (name: keyof Practice) => (e: { target: { value: string } }) =>
    setForm({ ...form, [name]: e.target.value });
  const wrong = form.name.trim() === "" || colourFrom(form.colour) === null;
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (wrong) event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    else if (dirty > 0) change.mutate(changes, { onSuccess: () => say("Saved.") });
  };
  return (
    <form onSubmit={save} noValidate style={{ marginBottom: 18 }}>
      <Card
        title="Practice"
        footer={
          <>
            <span
              className={dirty > 0 ? page["unsaved"] : undefined}
              style={{ marginRight: "auto" }}
              role="status"
            >
              {dirty === 0 ? "No changes" : `${dirty} ${dirty === 1 ? "change" : "changes"} not saved`}
            </span>
            <Button type="submit" look="primary" disabled={dirty === 0 || change.isPending}>
              Save
            </Button>
          </>
        }
      >
        <TextField
          label="Practice name"
          maxLength={200}
          error={form.name.trim() === "" ? "This is needed." : fieldError(change.error, "name")}
          value={form.name}
          onChange={set("name")}
        />
        <TextField
          label="Name in mail"
          hint="How invitations and password mail call the practice. A neutral name keeps its field of care private."
          maxLength={200}
          error={fieldError(change.error, "name_in_mail")}
          value={form.name_in_mail}
          onChange={set("name_in_mail")}
        />
        <ColourField
          value={form.colour}
          practice={form.name_in_mail.trim() || form.name.trim()}
          error={fieldError(change.error, "colour")}
          change={(colour) => setForm({ ...form, colour })}
        />
        <SelectField
          label="Time zone"
          error={fieldError(change.error, "time_zone")}
          value={form.time_zone}
          onChange={set("time_zone")}
        >
          {zones.map((z) => (
            <option key={z} value={z}>
              {z.replaceAll("_", " ")}
            </option>
          ))}
        </SelectField>
        <Problem error={change.error} />
      </Card>
    </form>
  );
}
