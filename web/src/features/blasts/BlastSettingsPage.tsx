import { fieldError } from "../../api/client.ts";
import type { BlastSettings } from "../../api/types.ts";
import { ChatSettingsPage, Overtaken } from "../../ui/ChatSettingsPage.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { Loaded, Problem } from "../../ui/States.tsx";
import { useSettings } from "../../ui/useSettings.tsx";
import { useBlastSettings, useSaveSettings } from "./queries.ts";

const most = 1_000_000;

/** Settings > Chat > Message Blasts: from how many on one confirms, and how many a day. */
export function BlastSettingsPage() {
  const settings = useBlastSettings();
  return (
    <ChatSettingsPage
      title="Message Blasts"
      lede="One text to many clients, each in private. Two limits keep a slip small."
      settings="/settings"
    >
      <Loaded query={settings} what="the settings">
        {(latest) => <SettingsCard latest={latest} />}
      </Loaded>
    </ChatSettingsPage>
  );
}

function SettingsCard({ latest }: { latest: BlastSettings }) {
  const saving = useSaveSettings();
  const form = useSettings(
    latest,
    saving,
    undefined,
    (f) => !isNumber(f.confirm_above, 1) || !isNumber(f.daily_limit, 1),
  );
  const { now } = form;
  const number = (name: "confirm_above" | "daily_limit", least: number) => ({
    type: "number",
    inputMode: "numeric" as const,
    min: least,
    max: most,
    value: Number.isNaN(now[name]) ? "" : String(now[name]),
    error: isNumber(now[name], least)
      ? fieldError(form.problem, name)
      : `Write a whole number from ${least} to ${most.toLocaleString("en-US")}.`,
    onChange: (e: { target: { valueAsNumber: number } }) => form.set({ [name]: e.target.valueAsNumber }),
  });
  return (
    <Card title="Limits" footer={form.bar}>
      <Overtaken form={form} />
      <TextField
        label="Confirm once more above"
        hint="Recipients. Whoever sends to more is asked once more, with the number."
        {...number("confirm_above", 1)}
      />
      <TextField
        label="Recipients a day"
        hint="For each member of staff, in all their blasts of a day together."
        {...number("daily_limit", 1)}
      />
      <Problem error={form.problem} />
    </Card>
  );
}

function isNumber(n: number, least: number): boolean {
  return Number.isInteger(n) && n >= least && n <= most;
}
