import { lazy } from "react";
import { can, isClient } from "../../../api/session.ts";
import type { Conversation, Me } from "../../../api/types.ts";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { openDialog } from "../dialogs.tsx";

const ExportDialog = lazy(async () => ({ default: (await import("./ExportDialog.tsx")).ExportDialog }));

/** Clients export what is theirs; staff need the permission. The server decides in the end. */
export function exportEntries(c: Conversation, me: Me): MenuEntry[] {
  if (!isClient(me) && !can(me, "export_records")) return [];
  return [
    {
      id: "export",
      label: "Export…",
      icon: "download",
      act: () => openDialog((close) => <ExportDialog conversation={c} close={close} />),
    },
  ];
}
