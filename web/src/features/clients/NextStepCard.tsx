import type { NextStep } from "../../api/types.ts";
import { useNextStep, useSaveNextStep } from "../../api/writing.ts";
import { AreaField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { Callout, Loaded, Problem } from "../../ui/States.tsx";
import { useSettings } from "../../ui/useSettings.tsx";

/** What comes next for a client: a field of templates. */
export function NextStepCard({ clientId }: { clientId: string }) {
  const step = useNextStep(clientId);
  return (
    <Loaded query={step} what="the next step" rows={1}>
      {(latest) => <StepCard clientId={clientId} latest={latest} />}
    </Loaded>
  );
}

function StepCard({ clientId, latest }: { clientId: string; latest: NextStep }) {
  const form = useSettings(latest, useSaveNextStep(clientId));
  return (
    <Card title="Next step" lede="Templates can say it. Empty uses the practice’s." footer={form.bar}>
      {form.overtaken && (
        <Callout tone="amber" icon="circle-alert" live="alert">
          <b>Someone changed this a moment ago.</b> It says “{form.base.text}” now.
        </Callout>
      )}
      <AreaField
        label="Next step for this client"
        rows={2}
        maxLength={500}
        value={form.now.text}
        onChange={(e) => form.set({ text: e.target.value })}
      />
      <Problem error={form.problem} />
    </Card>
  );
}
