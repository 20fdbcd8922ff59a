import { type FormEvent, useState } from "react";
import { expired } from "../../api/cache.ts";
import { ApiError } from "../../api/client.ts";
import { useInstallation } from "../../api/session.ts";
import { Link, navigate } from "../../lib/router.tsx";
import { useStore } from "../../lib/store.ts";
import { sessionEnded } from "../../live/status.ts";
import { Button } from "../../ui/Button.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { AuthFrame, Small } from "./AuthFrame.tsx";
import { DemoSheet } from "./DemoSheet.tsx";
import { useSignIn } from "./mutations.ts";

/** Signing in; where to go afterwards is the address the person came with. */
export function SignInPage() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  const ended = useStore(sessionEnded, (reason) => reason !== null);
  const lapsed = useStore(expired, (yes) => yes);
  const { data: installation } = useInstallation();
  const demo = installation?.demo ? (installation.sign_ins ?? []) : [];

  const enter = (as: { email: string; password: string }) => {
    signIn.mutate(as, { onSuccess: () => window.location.pathname === "/sign-in" && navigate("/inbox") });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter({ email: email.trim(), password });
  };
  return (
    <AuthFrame
      title="Sign in"
      lede="Secure messages with your care team."
      sheet={demo.length > 0 && <DemoSheet people={demo} busy={signIn.isPending} enter={enter} />}
    >
      {(ended || lapsed) && (
        <Callout tone="quiet" live="status">
          You were signed out to keep your messages private. Sign in again to go on where you were.
        </Callout>
      )}
      {installation?.setup_needed && (
        <Callout tone="info">
          Hearth is not set up yet. Open the link that the server printed when it started; it leads to the
          first-run page.
        </Callout>
      )}
      <form onSubmit={submit}>
        <TextField
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          required
          large
          maxLength={254}
          value={email}
          onChange={(e) => setEmail(e.target.value)}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          large
          maxLength={200}
          aside={
            <Link className="link" href="/forgot">
              Forgot it?
            </Link>
          }
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
        {mismatch(signIn.error) ? (
          <Callout tone="danger" icon="circle-alert" live="alert">
            That email and password don’t match. Try again, or reset your password.
          </Callout>
        ) : (
          <Problem error={signIn.error} />
        )}
        <Button type="submit" look="primary" size="large" block disabled={signIn.isPending}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </Button>
      </form>
      <Small>New here? Your practice sends you an invitation. There’s nothing to sign up for.</Small>
    </AuthFrame>
  );
}

function mismatch(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 422);
}
