import { useMutation } from "@tanstack/react-query";
import { expired, queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import { navigate } from "../../lib/router.tsx";
import { forgetShared } from "../../lib/shared.ts";
import { count } from "../../lib/text.ts";
import { outbox } from "../../live/connection.ts";
import { sessionEnded } from "../../live/status.ts";
import { forgetDevice } from "./device.ts";

/** Forgets everything of whoever was signed in before, and asks who is now. */
async function enter(): Promise<void> {
  sessionEnded.set(null);
  expired.set(false);
  queryClient.removeQueries({
    predicate: (q) => q.queryKey[0] !== keys.me[0] && q.queryKey[0] !== "installation",
  });
  await queryClient.invalidateQueries({ queryKey: keys.me });
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => ask(api.POST("/api/v1/sessions", { body })),
    onSuccess: enter,
  });
}

export function useFirstRun() {
  return useMutation({
    mutationFn: (body: {
      setup_code: string;
      organization: string;
      owner_name: string;
      owner_email: string;
      password: string;
    }) => ask(api.POST("/api/v1/installation", { body })),
    onSuccess: enter,
  });
}

export function useAcceptInvitation() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      ask(api.POST("/api/v1/invitations/accept", { body })),
    onSuccess: enter,
  });
}

export function useRequestReset() {
  return useMutation({
    mutationFn: (body: { email: string }) => ask(api.POST("/api/v1/password-resets", { body })),
  });
}

export function useConfirmReset() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      ask(api.POST("/api/v1/password-resets/confirm", { body })),
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; password: string }) =>
      ask(api.POST("/api/v1/me/password", { body })),
  });
}

/** Ends the session and clears everything that was on screen, waiting or on this device. */
export async function signOut(): Promise<void> {
  if (!mayDiscard()) return;
  await forgetDevice();
  try {
    await ask(api.DELETE("/api/v1/sessions/current"));
  } finally {
    outbox.clear();
    forgetShared();
    navigate("/sign-in", { replace: true });
    queryClient.setQueryData(keys.me, null);
    // The socket has heard of it too; to whoever asked for it this is no news.
    sessionEnded.set(null);
    expired.set(false);
    queryClient.removeQueries({
      predicate: (q) => q.queryKey[0] !== keys.me[0] && q.queryKey[0] !== "installation",
    });
  }
}

/** What has not gone out goes with the session: only its writer may say so. */
function mayDiscard(): boolean {
  const unsent = Object.values(outbox.store.get()).flat().length;
  if (unsent === 0) return true;
  const they = unsent === 1 ? "It is" : "They are";
  return window.confirm(
    `${count(unsent, "message")} did not go out yet. ${they} lost when you sign out. Sign out?`,
  );
}
