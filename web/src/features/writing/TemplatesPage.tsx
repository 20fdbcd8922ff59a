import { lazy, Suspense, useState } from "react";
import { can, useMe } from "../../api/session.ts";
import type { NextStep, Template } from "../../api/types.ts";
import { templateLine, useNextStep, useSaveNextStep, useTemplates } from "../../api/writing.ts";
import { Button } from "../../ui/Button.tsx";
import { AreaField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { Loaded, Problem } from "../../ui/States.tsx";
import { useSettings } from "../../ui/useSettings.tsx";
import { ChatSettingsPage, Overtaken } from "../../ui/ChatSettingsPage.tsx";
import styles from "./Writing.module.css";

const TemplateDialog = lazy(async () => ({ default: (await import("./TemplateDialog.tsx")).TemplateDialog }));

type Editing = Template | Template["scope"] | null;

/** Settings > Chat > Templates: one's own, the practice's, and the field that the practice fills. */
export function TemplatesPage() {
  const me = useMe();
  const templates = useTemplates();
  const step = useNextStep("");
  const [editing, setEditing] = useState<Editing>(null);
  const may = can(me, "manage_settings");
  return (
    <ChatSettingsPage title="Templates" lede="Texts to write with. Fields are filled when you insert one.">
      <Loaded query={templates} what="the templates">
        {(all) => (
          <>
            <List title="Yours" scope="mine" all={all} may edit={setEditing} lede="Only you see these." />
            <List
              title="The practice’s"
              scope="organization"
              all={all}
              may={may}
              edit={setEditing}
              lede={may ? "Everyone on staff can use these." : "Who manages settings keeps these."}
            />
          </>
        )}
      </Loaded>
      <Loaded query={step} what="the next step">
        {(latest) => <NextStepCard latest={latest} may={may} />}
      </Loaded>
      {editing && (
        <Suspense>
          <TemplateDialog editing={editing} close={() => setEditing(null)} />
        </Suspense>
      )}
    </ChatSettingsPage>
  );
}

interface ListProps {
  title: string;
  lede: string;
  scope: Template["scope"];
  all: readonly Template[];
  may: boolean;
  edit(what: Editing): void;
}

function List({ title, lede, scope, all, may, edit }: ListProps) {
  const some = all.filter((t) => t.scope === scope);
  return (
    <Card title={title} lede={lede} aside={may && <Button onClick={() => edit(scope)}>New template</Button>}>
      {some.length === 0 && <p className="muted">No templates yet.</p>}
      <ul className={styles["list"]} aria-label={`Templates: ${title}`}>
        {some.map((t) => (
          <li key={t.id}>
            <div>
              <b>{t.title}</b>
              <p className="clip">{templateLine(t.body)}</p>
            </div>
            {may && (
              <Button size="small" aria-label={`Edit ${t.title}`} onClick={() => edit(t)}>
                Edit
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NextStepCard({ latest, may }: { latest: NextStep; may: boolean }) {
  const form = useSettings(latest, useSaveNextStep(""));
  return (
    <Card
      title="Next step"
      lede="Fills {{next_step}} for clients who have no next step of their own on their page."
      footer={may && form.bar}
    >
      <Overtaken
        form={form}
        now={form.base.text === "" ? "It is empty now." : `It says “${form.base.text}” now.`}
      />
      <AreaField
        label="Next step for every client"
        rows={2}
        maxLength={500}
        readOnly={!may}
        value={form.now.text}
        placeholder="Book your next visit at the front desk."
        onChange={(e) => form.set({ text: e.target.value })}
      />
      <Problem error={form.problem} />
    </Card>
  );
}
