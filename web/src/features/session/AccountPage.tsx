import { type FormEvent, useState } from "react";
import { ApiError, fieldError } from "../../api/client.ts";
import { useMe } from "../../api/session.ts";
import { setSingleKeys, singleKeys } from "../../lib/keys.ts";
import { useStore } from "../../lib/store.ts";
import { setTheme, type Theme, theme } from "../../lib/theme.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Check, PasswordField } from "../../ui/Field.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { signOut, useChangePassword } from "./mutations.ts";
import { passwordHint, passwordProblem } from "./passwords.ts";

const themes: readonly { id: Theme; label: string }[] = [
  { id: "system", label: "As this device is set" },
  { id: "light", label: "Light" },
  { id: "dark", label: "Dark" },
];

/** One's own account: name, appearance, password, signing out. */
export function AccountPage() {
  const me = useMe();
  const chosen = useStore(theme, (t) => t);
  const keys = useStore(singleKeys, (on) => on);
  return (
    <Page title="You" narrow lede={`${me.user.name} · ${me.user.email} · ${me.organization.name}`}>
      <Card title="Appearance">
        <fieldset>
          <legend className="sr">Appearance</legend>
          {themes.map(({ id, label }) => (
            <Check
              key={id}
              kind="radio"
              name="theme"
              label={label}
              checked={chosen === id}
              onChange={() => setTheme(id)}
            />
          ))}
        </fieldset>
      </Card>
      <Card title="Keyboard" lede="Kept in this browser. Press ? to see every shortcut.">
        <Check
          label="Shortcuts of a single key, such as J, K, R and +"
          checked={keys}
          onChange={() => setSingleKeys(!keys)}
        />
      </Card>
      <Card title="Notifications" lede="Mail, push, sound, and when it is quiet.">
        <div>
          <ButtonLink icon="bell" href="/settings/notifications">
            Notification settings
          </ButtonLink>
        </div>
      </Card>
      <Card title="Hearth as an app" lede="On the home screen, in a window of its own.">
        <div>
          <ButtonLink icon="download" href="/settings/app">
            How to install it
          </ButtonLink>
        </div>
      </Card>
      <PasswordCard />
      <Card title="Sign out" lede="Do this on devices that others use too.">
        <div>
          <Button icon="log-out" onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </Card>
    </Page>
  );
}

const blank = { current: "", password: "", again: "" };

function PasswordCard() {
  const [form, setForm] = useState(blank);
  const [tried, setTried] = useState(false);
  const change = useChangePassword();
  const set = (name: keyof typeof form) => (e: { target: { value: string } }) =>
    setForm({ ...form, [name]: e.target.value });
  const tooShort = passwordProblem(form.password);
  const mismatch = passwordProblem(form.password, form.again);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (mismatch || form.current === "") return;
    change.mutate(
      { current_password: form.current, password: form.password },
      {
        onSuccess: () => {
          setForm(blank);
          setTried(false);
          say("Password changed. Other devices were signed out.");
        },
      },
    );
  };
  const wrong = change.error instanceof ApiError && fieldError(change.error, "current_password");
  return (
    <Card title="Password" lede="Changing it signs you out everywhere else.">
      <form onSubmit={submit} noValidate style={{ display: "grid", gap: 16 }}>
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          maxLength={200}
          error={(tried && form.current === "" ? "This is needed." : undefined) ?? (wrong || undefined)}
          value={form.current}
          onChange={set("current")}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          maxLength={200}
          hint={passwordHint}
          error={(tried ? tooShort : undefined) ?? fieldError(change.error, "password")}
          value={form.password}
          onChange={set("password")}
        />
        <PasswordField
          label="New password again"
          autoComplete="new-password"
          maxLength={200}
          error={tried && !tooShort ? mismatch : undefined}
          value={form.again}
          onChange={set("again")}
        />
        {!wrong && <Problem error={change.error} />}
        {change.isSuccess && !change.isPending && form === blank && (
          <Callout tone="pine" icon="check">
            Your password is changed.
          </Callout>
        )}
        <div>
          <Button type="submit" disabled={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
