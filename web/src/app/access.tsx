import { lazy, type ReactNode, Suspense } from "react";

// Where features meet: a client's chat access is shown by the profile and
// beside a conversation, and neither of them knows how.

const ClientPage = lazy(async () => ({
  default: (await import("../features/clients/ClientPage.tsx")).ClientPage,
}));
const ClientHistoryCard = lazy(async () => ({
  default: (await import("../features/notifications/ClientHistoryCard.tsx")).ClientHistoryCard,
}));
const AccessCard = lazy(async () => ({
  default: (await import("../features/chat-access/AccessCard.tsx")).AccessCard,
}));

const ClientSheet = lazy(async () => ({
  default: (await import("../features/chat-access/ClientSheet.tsx")).ClientSheet,
}));
const History = lazy(async () => ({
  default: (await import("../features/notifications/History.tsx")).History,
}));

/** A client's Chat Settings with what became of their notifications. */
export function ClientSettings({ params }: { params: Record<string, string> }) {
  return <ClientSheet params={params} told={(id) => <History clientId={id} />} />;
}

/** A client's profile with their chat access, and what lies over it. */
export function ClientRoute({ params, sheet }: { params: Record<string, string>; sheet: ReactNode }) {
  return (
    <>
      <ClientPage
        params={params}
        access={inboxAbout(params["id"] ?? "")}
        notifications={
          <Suspense>
            <ClientHistoryCard clientId={params["id"] ?? ""} />
          </Suspense>
        }
      />
      {sheet && <Suspense>{sheet}</Suspense>}
    </>
  );
}

/** What staff see of a client's chat access beside a conversation. */
export function inboxAbout(clientId: string): ReactNode {
  return (
    <Suspense>
      <AccessCard clientId={clientId} />
    </Suspense>
  );
}
