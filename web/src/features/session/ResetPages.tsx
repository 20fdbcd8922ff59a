import { type FormEvent, useState } from "react";
import { ApiError, fieldError } from "../../api/client.ts";
import { useInstallation } from "../../api/session.ts";
import { Link, useHash } from "../../lib/router.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { AuthFrame, Small } from "./AuthFrame.tsx";
import { useConfirmReset, useRequestReset } from "./mutations.ts";
import { passwordHint, passwordProblem } from "./passwords.ts";

/** Asks for a link to choose a new password; the answer is the same whether the address is known or not. */
export function ForgotPage() {
  const [email, setEmail] = useState("");
  const request = useRequestReset();
  const { data: installation } = useInstallation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== "") request.mutate({ email: email.trim() });
  };
  return (
    <AuthFrame title="Reset your password" lede="We’ll send a link to choose a new one.">
      {installation && !installation.mail && (
        <Callout tone="amber">
          This practice sends no email. Ask your care team or administrator for a link instead.
        </Callout>
      )}
      {request.isSuccess ? (
        <Callout tone="pine" icon="mail" live="status">
          If {email.trim()} has an account here, a link is on its way. It may take a few minutes; look in spam
          too.
        </Callout>
      ) : (
        <form onSubmit={submit}>
          <TextField
            label="Email"
            type="email"
            large
            required
            autoFocus
            maxLength={254}
            autoComplete="username"
            value={email}
            onChange={(e) => setEmail(e.target.value)}
          />
          <Problem error={request.error} />
          <Button type="submit" look="primary" size="large" block disabled={request.isPending}>
            Send the link
          </Button>
        </form>
      )}
      <Small>
        <Link className="link" href="/sign-in">
          Back to sign-in
        </Link>
      </Small>
    </AuthFrame>
  );
}

/** Where the mailed link leads: a new password. */
export function ResetPage() {
  const token = useHash();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const confirm = useConfirmReset();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!passwordProblem(password)) confirm.mutate({ token, password });
  };
  if (confirm.isSuccess) {
    return (
      <AuthFrame
        title="Your password is changed"
        lede="Other devices were signed out. Sign in with the new password."
      >
        <ButtonLink look="primary" size="large" block href="/sign-in">
          Go to sign-in
        </ButtonLink>
      </AuthFrame>
    );
  }
  const spent = token === "" || (confirm.error instanceof ApiError && confirm.error.status === 404);
  return (
    <AuthFrame title="Choose a new password">
      {spent ? (
        <>
          <Callout tone="danger" icon="circle-alert" live="alert">
            This link no longer works. It may have been used already, or it is too old.
          </Callout>
          <ButtonLink look="primary" size="large" block href="/forgot">
            Ask for a new link
          </ButtonLink>
        </>
      ) : (
        <form onSubmit={submit} noValidate>
          <PasswordField
            label="New password"
            large
            autoFocus
            maxLength={200}
            autoComplete="new-password"
            hint={passwordHint}
            error={(tried ? passwordProblem(password) : undefined) ?? fieldError(confirm.error, "password")}
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
          <Problem error={confirm.error} />
          <Button type="submit" look="primary" size="large" block disabled={confirm.isPending}>
            Save the password
          </Button>
        </form>
      )}
    </AuthFrame>
  );
}
