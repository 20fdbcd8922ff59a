import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ApiError, ask, fieldError } from "../../api/client.ts";
import { navigate, useHash } from "../../lib/router.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { PasswordField } from "../../ui/Field.tsx";
import { Callout, Problem } from "../../ui/States.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useAcceptInvitation } from "./mutations.ts";
import { passwordHint, passwordProblem } from "./passwords.ts";

/** An invitation link: whom it is for, and a password of their own. */
export function InvitePage() {
  const token = useHash();
  const lookup = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => ask(api.POST("/api/v1/invitations/lookup", { body: { token } })),
    enabled: token !== "",
    staleTime: Infinity,
  });
  const unknown = token === "" || (lookup.error instanceof ApiError && lookup.error.status === 404);
  if (unknown) return <SpentLink />;
  if (lookup.isError) {
    return (
      <AuthFrame title="Your invitation">
        <Problem error={lookup.error} />
        <Button look="primary" size="large" block onClick={() => void lookup.refetch()}>
          Try again
        </Button>
      </AuthFrame>
    );
  }
  if (!lookup.data) {
    return (
      <AuthFrame title="Your invitation">
        <p role="status">Looking up your invitation…</p>
      </AuthFrame>
    );
  }
  const { organization, name, email, purpose } = lookup.data;
  return (
    <AuthFrame
      title={purpose === "reset" ? "Choose a new password" : `Welcome to ${organization}`}
      lede={
        purpose === "reset"
          ? `For ${name}${email ? ` (${email})` : ""} at ${organization}.`
          : `Hello ${name}. Choose a password, and you can write with ${organization} from here.`
      }
    >
      <ChoosePassword token={token} email={email ?? ""} />
    </AuthFrame>
  );
}

function SpentLink() {
  return (
    <AuthFrame
      title="This link no longer works"
      lede="It may have been used already, or it is too old. Ask your practice for a new one, or sign in if you have a password."
    >
      <ButtonLink look="primary" size="large" block href="/sign-in">
        Go to sign-in
      </ButtonLink>
    </AuthFrame>
  );
}

function ChoosePassword({ token, email }: { token: string; email: string }) {
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const accept = useAcceptInvitation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (passwordProblem(password)) return;
    accept.mutate({ token, password }, { onSuccess: () => navigate("/inbox", { replace: true }) });
  };
  const spent = accept.error instanceof ApiError && accept.error.status === 404;
  return (
    <form onSubmit={submit} noValidate>
      {/* Lets password managers file the password under the right name. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      <PasswordField
        label="Password"
        large
        autoFocus
        maxLength={200}
        autoComplete="new-password"
        hint={passwordHint}
        error={(tried ? passwordProblem(password) : undefined) ?? fieldError(accept.error, "password")}
        value={password}
        onChange={(e) => setPassword(e.target.value)}
      />
      {spent ? (
        <Callout tone="danger" icon="circle-alert" live="alert">
          This link was used in the meantime. Ask your practice for a new one.
        </Callout>
      ) : (
        <Problem error={accept.error} />
      )}
      <Button type="submit" look="primary" size="large" block disabled={accept.isPending}>
        {accept.isPending ? "One moment…" : "Continue"}
      </Button>
    </form>
  );
}
