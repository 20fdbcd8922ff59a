import { type ReactNode, useId, useMemo } from "react";
import { fieldError } from "../../api/client.ts";
import { isClient, useMe } from "../../api/session.ts";
import { type Preferences, useSavePreferences } from "../../api/preferences.ts";
import { Overtaken } from "../../ui/ChatSettingsPage.tsx";
import { Card } from "../../ui/Page.tsx";
import { Problem } from "../../ui/States.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { useSettings } from "../../ui/useSettings.tsx";
import { DigestFields } from "./DigestFields.tsx";
import { asFormError, type Form, invalid, kindsOf, toEdit, toForm } from "./form.ts";
import { KindsTable } from "./KindsTable.tsx";
import { QuietFields } from "./QuietFields.tsx";
import { SoundFields } from "./SoundFields.tsx";
import styles from "./Notifications.module.css";

/** All that one chooses for oneself, with one bar that saves it. */
export function PreferencesCard({ latest }: { latest: Preferences }) {
  const form = useSettings<Form>(
    useMemo(() => toForm(latest), [latest]),
    useSaving(latest),
    undefined,
    invalid,
  );
  const { now, set } = form;
  const kinds = kindsOf(latest);
  return (
    <div className={styles["sticky"]}>
      <Card title="What you are told about" footer={form.bar}>
        <Overtaken form={form} />
        <KindsTable kinds={kinds} allowed={latest.allowed} now={now} set={set} />
        <Part title="Mentions only">
          <MentionsOnly now={now} set={set} />
        </Part>
        <Part title="Quiet hours">
          <QuietFields now={now} set={set} zoneError={fieldError(form.problem, "time_zone")} />
        </Part>
        <Part title="Email">
          <DigestFields now={now} set={set} />
        </Part>
        <Part title="Sound">
          <SoundFields now={now} set={set} />
        </Part>
        <Problem error={form.problem} />
      </Card>
    </div>
  );
}

/** Saving a form is saving the whole of the preferences. */
function useSaving(latest: Preferences) {
  const save = useSavePreferences();
  return {
    isPending: save.isPending,
    error: asFormError(save.error),
    reset: save.reset,
    mutate(
      edits: Partial<Form> & { version: number },
      then: { onSuccess(saved: Form): void; onError(error: Error): void },
    ) {
      save.mutate(toEdit(edits, toForm(latest)), {
        onSuccess: (saved) => then.onSuccess(toForm(saved)),
        onError: (error) => then.onError(asFormError(error) as Error),
      });
    },
  };
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles["part"]} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

interface FieldsProps {
  now: Form;
  set(patch: Partial<Form>): void;
}

function MentionsOnly({ now, set }: FieldsProps) {
  const staff = !isClient(useMe());
  return (
    <>
      <SwitchSetting
        label="In community chats"
        help="Only when somebody mentions you by name."
        on={now.mentions_community}
        onChange={(mentions_community) => set({ mentions_community })}
      />
      {staff && now.mentions_team !== undefined && (
        <SwitchSetting
          label="In team conversations"
          help="Only when a colleague mentions you by name."
          on={now.mentions_team}
          onChange={(mentions_team) => set({ mentions_team })}
        />
      )}
    </>
  );
}
