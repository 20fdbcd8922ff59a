import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { ChatSettings } from "../../api/types.ts";
import { Check, SelectField } from "../../ui/Field.tsx";
import { ChatSettingsPage, Overtaken } from "../../ui/ChatSettingsPage.tsx";
import { Card } from "../../ui/Page.tsx";
import { Loaded, Problem } from "../../ui/States.tsx";
import { useSettings } from "../../ui/useSettings.tsx";

/** Settings > Chat > Messages and names: how long a message can be changed, and how clients see each other. */
export function MessagesPage() {
  const settings = useQuery({
    queryKey: keys.chatSettings,
    queryFn: () => ask(api.GET("/api/v1/organization/chat-settings")),
  });
  return (
    <ChatSettingsPage
      title="Messages and names"
      lede="How long a message can be changed, and how clients see each other in community chats."
      settings="/settings"
    >
      <Loaded query={settings} what="the settings">
        {(latest) => <SettingsCard latest={latest} />}
      </Loaded>
    </ChatSettingsPage>
  );
}

function useSave() {
  return useMutation({
    mutationFn: (body: Partial<ChatSettings> & { version: number }) =>
      ask(api.PUT("/api/v1/organization/chat-settings", { body })),
    onSuccess: (saved) => queryClient.setQueryData(keys.chatSettings, saved),
  });
}

const styles: readonly [ChatSettings["client_names"], string, string][] = [
  ["initial", "First name and initial", "Maya Lindqvist is shown as Maya L."],
  ["alias", "Alias", "The name in a client’s profile; without one, first name and initial."],
  ["full", "Full name", "Clients see each other’s whole names."],
];

const windows: readonly [number, string][] = [
  [0, "Never"],
  [300, "5 minutes"],
  [900, "15 minutes"],
  [3600, "1 hour"],
  [86_400, "1 day"],
  [604_800, "1 week"],
  [2_592_000, "30 days"],
];

function SettingsCard({ latest }: { latest: ChatSettings }) {
  const form = useSettings(latest, useSave());
  const { now } = form;
  const known = windows.some(([seconds]) => seconds === now.edit_window_seconds);
  return (
    <Card title="Messages and names" footer={form.bar}>
      <Overtaken form={form} />
      <fieldset style={{ display: "grid", gap: 12 }}>
        <legend style={{ padding: 0, fontWeight: "var(--w-semi)", marginBottom: 10 }}>
          How clients see each other in community chats
        </legend>
        {styles.map(([value, label, hint]) => (
          <Check
            key={value}
            kind="radio"
            name="client-names"
            label={label}
            hint={hint}
            checked={now.client_names === value}
            onChange={() => form.set({ client_names: value })}
          />
        ))}
      </fieldset>
      <p className="muted">
        Staff always see full names. A change counts at once, also for what was posted before.
      </p>
      <SelectField
        label="A message can be changed for"
        hint="After sending. What it said before is kept for staff who may read the audit log."
        value={String(now.edit_window_seconds)}
        onChange={(e) => form.set({ edit_window_seconds: Number(e.target.value) })}
      >
        {!known && <option value={now.edit_window_seconds}>{now.edit_window_seconds} seconds</option>}
        {windows.map(([seconds, label]) => (
          <option key={seconds} value={seconds}>
            {label}
          </option>
        ))}
      </SelectField>
      <Problem error={form.problem} />
    </Card>
  );
}
