import { lazy, Suspense } from "react";
import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client.ts";
import { keys } from "../api/keys.ts";
import { can, isClient } from "../api/session.ts";
import type { Me } from "../api/types.ts";
import { composed, composing, composingIn } from "../features/conversations/composing.ts";
import { AttachTools } from "../features/conversations/files/AttachTools.tsx";
import { FileStrip } from "../features/conversations/files/FileStrip.tsx";
import { useStore } from "../lib/store.ts";

// Where message blasts and conversations meet: a blast takes files in the way a message does,
// and neither chapter knows the other.

const BlastsPage = lazy(async () => ({
  default: (await import("../features/blasts/BlastsPage.tsx")).BlastsPage,
}));

const parts = {
  Attach: AttachTools,
  Files: FileStrip,
  useFiles: (id: string) => useStore(composing, (all) => composingIn(all, id)),
  forget: composed,
};

export function BlastsRoute({ params }: { params: Record<string, string> }) {
  return (
    <Suspense fallback={<main id="main" aria-busy="true" />}>
      <BlastsPage id={params["id"] ?? ""} parts={parts} />
    </Suspense>
  );
}

/** Whoever may send blasts sees them, and whoever has some to look at. */
export function useBlastsOffered(me: Me): boolean {
  const may = !isClient(me) && can(me, "send_blasts");
  const { data } = useQuery({
    queryKey: keys.blastAny,
    queryFn: async () =>
      ((await ask(api.GET("/api/v1/blasts", { params: { query: { limit: 1 } } }))).items ?? []).length > 0,
    enabled: !may && !isClient(me),
    staleTime: 10 * 60_000,
  });
  return may || data === true;
}
