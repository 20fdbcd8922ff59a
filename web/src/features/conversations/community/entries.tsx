import { lazy } from "react";
import { api, ask, explain } from "../../../api/client.ts";
import { mayModerate } from "../../../api/reports.ts";
import { isClient } from "../../../api/session.ts";
import type { Conversation, Me } from "../../../api/types.ts";
import { keepConversation } from "../../../live/connection.ts";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { say } from "../../../ui/toast.ts";
import { openDialog } from "../dialogs.tsx";
import type { MessagePorts } from "../slots/message.ts";

const CommunitySheet = lazy(async () => ({ default: (await import("./CommunitySheet.tsx")).CommunitySheet }));
const ReportDialog = lazy(async () => ({ default: (await import("./ReportDialog.tsx")).ReportDialog }));

export function openCommunitySettings(c: Conversation): void {
  openDialog((close) => <CommunitySheet id={c.id} close={close} />);
}

/** Whether somebody keeps a community chat; the server decides in the end. */
export function keepsCommunity(c: Conversation, me: Me): boolean {
  return c.kind === "community" && mayModerate(me);
}

/** What those who keep a community chat find in its menu. */
export function communityEntries(c: Conversation, me: Me): MenuEntry[] {
  if (!keepsCommunity(c, me) || !c.community) return [];
  const locked = c.community.locked;
  return [
    {
      id: "lock",
      label: locked ? "Unlock" : "Lock: only the care team posts",
      icon: "lock",
      act: () => void lock(c, !locked),
    },
    { id: "chat-settings", label: "Chat settings…", icon: "settings", act: () => openCommunitySettings(c) },
  ];
}

async function lock(c: Conversation, locked: boolean): Promise<void> {
  try {
    keepConversation(
      await ask(
        api.PATCH("/api/v1/conversations/{id}", { params: { path: { id: c.id } }, body: { locked } }),
      ),
    );
    say(locked ? "Locked. Only the care team can post." : "Everyone can post again.");
  } catch (error) {
    say(`That didn’t work. ${explain(error)}`);
  }
}

/** A post of somebody else can be reported; who can take it away needs no report. */
export function reportEntries({ message: m, conversation: c, me }: MessagePorts): MenuEntry[] {
  const others = m.author.id !== me.user.id && m.kind !== "system" && !m.deleted_at;
  if (c.kind !== "community" || !others || (keepsCommunity(c, me) && !isClient(me))) return [];
  return [
    {
      id: "report",
      label: "Report to the care team…",
      icon: "shield-check",
      act: () => openDialog((close) => <ReportDialog message={m} close={close} />),
    },
  ];
}
