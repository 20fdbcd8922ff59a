import { lazy, Suspense, useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Page.tsx";

const ClientHistorySheet = lazy(async () => ({
  default: (await import("./ClientHistorySheet.tsx")).ClientHistorySheet,
}));

/** In a client's profile: whether they are told of what is written to them. */
export function ClientHistoryCard({ clientId }: { clientId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Card title="Notification history" lede="Whether mail and push reach this client.">
      <div>
        <Button icon="history" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          Show the history
        </Button>
      </div>
      {open && (
        <Suspense>
          <ClientHistorySheet clientId={clientId} close={() => setOpen(false)} />
        </Suspense>
      )}
    </Card>
  );
}
