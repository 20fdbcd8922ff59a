import { type FormEvent, useState } from "react";
import { ApiError, fieldError } from "../../api/client.ts";
import { navigate, useHash } from "../../lib/router.tsx";
import { Button } from "../../ui/Button.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useFirstRun } from "./mutations.ts";
import { passwordHint, passwordProblem } from "./passwords.ts";

/** The first visit to a new installation: makes the practice and its owner. */
export function FirstRunPage() {
  const code = useHash();
  const [form, setForm] = useState({ organization: "", owner_name: "", owner_email: "", password: "" });
  const [typedCode, setTypedCode] = useState("");
  const [tried, setTried] = useState(false);
  const create = useFirstRun();
  const set = (name: keyof typeof form) => (e: { target: { value: string } }) =>
    setForm({ ...form, [name]: e.target.value });
  const problem = tried ? passwordProblem(form.password) : undefined;
  const missing = (value: string) => (tried && value.trim() === "" ? "This is needed." : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const blank = [form.organization, form.owner_name, form.owner_email].some((v) => v.trim() === "");
    if (blank || passwordProblem(form.password)) return;
    create.mutate({ ...form, setup_code: code || typedCode.trim() }, { onSuccess: () => navigate("/inbox") });
  };
  const gone = create.error instanceof ApiError && create.error.status === 404;
  return (
    <AuthFrame
      title="Set up your practice"
      lede="This makes your practice and your own account, which owns it. You can add your team and clients afterwards."
    >
      <form onSubmit={submit} noValidate>
        {code === "" && (
          <TextField
            label="Setup code"
            large
            hint="The server printed it when it started."
            error={fieldError(create.error, "setup_code")}
            autoComplete="off"
            value={typedCode}
            onChange={(e) => setTypedCode(e.target.value)}
          />
        )}
        <TextField
          label="Practice name"
          large
          autoFocus
          maxLength={200}
          autoComplete="organization"
          error={missing(form.organization) ?? fieldError(create.error, "organization")}
          value={form.organization}
          onChange={set("organization")}
        />
        <TextField
          label="Your name"
          large
          maxLength={200}
          autoComplete="name"
          error={missing(form.owner_name) ?? fieldError(create.error, "owner_name")}
          value={form.owner_name}
          onChange={set("owner_name")}
        />
        <TextField
          label="Email"
          large
          type="email"
          maxLength={254}
          autoComplete="username"
          error={missing(form.owner_email) ?? fieldError(create.error, "owner_email")}
          value={form.owner_email}
          onChange={set("owner_email")}
        />
        <PasswordField
          label="Password"
          large
          maxLength={200}
          autoComplete="new-password"
          hint={passwordHint}
          error={problem ?? fieldError(create.error, "password")}
          value={form.password}
          onChange={set("password")}
        />
        {gone ? (
          <Callout tone="danger" icon="circle-alert" live="alert">
            This code doesn’t work. It may be from an earlier start of the server, or the practice is set up
            already.
          </Callout>
        ) : (
          <Problem error={create.error} />
        )}
        <Button type="submit" look="primary" size="large" block disabled={create.isPending}>
          {create.isPending ? "Setting up…" : "Set up Hearth"}
        </Button>
      </form>
    </AuthFrame>
  );
}
