import { fieldError } from "../../api/client.ts";
import { can, useMe } from "../../api/session.ts";
import type { Welcome } from "../../api/types.ts";
import { AreaField } from "../../ui/Field.tsx";
import { Card } from "../../ui/Page.tsx";
import { Loaded, Problem } from "../../ui/States.tsx";
import { SwitchSetting } from "../../ui/Switch.tsx";
import { useSettings } from "../../ui/useSettings.tsx";
import { useSaveWelcome, useWelcome } from "./queries.ts";
import { ChatSettingsPage, Overtaken } from "../../ui/ChatSettingsPage.tsx";

/** Settings > Chat > Welcome message. */
export function WelcomePage() {
  const welcome = useWelcome();
  return (
    <ChatSettingsPage title="Welcome message" lede="What a client finds in Chat when you have added them.">
      <Loaded query={welcome} what="the welcome message">
        {(latest) => <WelcomeCard latest={latest} />}
      </Loaded>
    </ChatSettingsPage>
  );
}

function WelcomeCard({ latest }: { latest: Welcome }) {
  const me = useMe();
  const saving = useSaveWelcome();
  const form = useSettings(latest, saving);
  const { base, now } = form;
  const may = can(me, "manage_settings");
  return (
    <Card
      title="Welcome new clients"
      lede={`Sent once, by ${me.organization.name}, in the first conversation with their primary provider.`}
      footer={may && form.bar}
    >
      <Overtaken form={form} now={`The message is ${base.enabled ? "on" : "off"} now.`} />
      <SwitchSetting
        label="Send a welcome message"
        help="Clients with Direct Messaging off when they are added don’t get one, also not later."
        on={now.enabled}
        disabled={!may}
        onChange={(enabled) => form.set({ enabled })}
      />
      <AreaField
        label="Message"
        rows={5}
        maxLength={2000}
        value={now.text}
        readOnly={!may}
        hint="Say when messages are read, and what to do in an emergency."
        error={fieldError(saving.error, "text")}
        onChange={(e) => form.set({ text: e.target.value })}
      />
      <Problem error={form.problem} />
    </Card>
  );
}
