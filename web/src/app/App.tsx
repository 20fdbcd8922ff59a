import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { queryClient } from "../api/cache.ts";
import { ApiError } from "../api/client.ts";
import { keys } from "../api/keys.ts";
import { MeContext, meQuery, useInstallation } from "../api/session.ts";
import { forgetShown } from "../features/session/device.ts";
import { navigate, usePath } from "../lib/router.tsx";
import { useStore } from "../lib/store.ts";
import { sessionEnded } from "../live/status.ts";
import { Failed } from "../ui/States.tsx";
import { OfflineStart } from "./OfflineStart.tsx";
import { Shell } from "./Shell.tsx";
import styles from "./Shell.module.css";

const SignInPage = lazy(async () => ({
  default: (await import("../features/session/SignInPage.tsx")).SignInPage,
}));
const FirstRunPage = lazy(async () => ({
  default: (await import("../features/session/FirstRunPage.tsx")).FirstRunPage,
}));
const InvitePage = lazy(async () => ({
  default: (await import("../features/session/InvitePage.tsx")).InvitePage,
}));
const ForgotPage = lazy(async () => ({
  default: (await import("../features/session/ResetPages.tsx")).ForgotPage,
}));
const ResetPage = lazy(async () => ({
  default: (await import("../features/session/ResetPages.tsx")).ResetPage,
}));

/** Pages that need no session and are the same with one. */
export const openPages: Record<string, () => ReactNode> = {
  "/invite": () => <InvitePage />,
  "/reset": () => <ResetPage />,
  "/first-run": () => <FirstRunPage />,
};

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Suspense fallback={<Waiting />}>
        <Gate />
      </Suspense>
    </QueryClientProvider>
  );
}

function Waiting() {
  return <div className={styles["waiting"]} aria-busy="true" />;
}

/** Decides between the pages before signing in and the app itself. */
function Gate() {
  const path = usePath();
  const open = openPages[path];
  return open ? open() : <Session path={path} />;
}

function Session({ path }: { path: string }) {
  const me = useQuery(meQuery);
  const ended = useStore(sessionEnded, (reason) => reason !== null);
  useEffect(() => {
    if (ended) queryClient.setQueryData(keys.me, null);
  }, [ended]);
  const out = me.data === null;
  useEffect(() => {
    // However the session ended: nothing of it stays in sight.
    if (out) void forgetShown();
  }, [out]);
  // Asked for again a few times before it counts as an error; a person need not wait for that.
  if (me.data === undefined && isUnreachable(me.failureReason)) return <OfflineStart retry={me.refetch} />;
  if (me.isPending) return <Waiting />;
  if (me.isError && !me.data) {
    return (
      <main id="main">
        <Failed level={1} what="Hearth" error={me.error} retry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) {
    // A boundary of its own: the outer one would keep the app of the person who is gone mounted while this loads.
    return (
      <Suspense fallback={<Waiting />}>
        {path === "/forgot" ? <ForgotPage /> : <SignedOut path={path} />}
      </Suspense>
    );
  }
  if (["/", "/sign-in", "/forgot"].includes(path)) return <Redirect to="/inbox" />;
  return (
    <MeContext value={me.data}>
      <Shell key={me.data.user.id} />
    </MeContext>
  );
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0;
}

/** The address is kept, so that signing in leads back to it. */
function SignedOut({ path }: { path: string }) {
  const { data } = useInstallation();
  const elsewhere = path === "/" ? "/sign-in" : "";
  useEffect(() => {
    if (elsewhere) navigate(elsewhere, { replace: true });
  }, [elsewhere]);
  if (data?.setup_needed && path !== "/sign-in") return <FirstRunPage />;
  return <SignInPage />;
}

function Redirect({ to }: { to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return <Waiting />;
}
