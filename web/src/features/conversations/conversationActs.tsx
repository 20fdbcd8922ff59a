import { lazy } from "react";
import type { Conversation } from "../../api/types.ts";
import { navigate } from "../../lib/router.tsx";
import { say } from "../../ui/toast.ts";
import { openDialog } from "./dialogs.tsx";
import { inboxHref } from "./filters.ts";
import { markUnread } from "./mutations.ts";

const MembersSheet = lazy(async () => ({
  default: (await import("./MembersSheet.tsx")).MembersSheet,
}));

export function openMembers(c: Conversation): void {
  openDialog((close) => <MembersSheet id={c.id} close={close} />);
}

/** Marks a conversation unread and leaves it, or looking at it would mark it read again. */
export function leaveUnread(id: string): void {
  if (window.location.pathname === `/inbox/${id}`) navigate(inboxHref(""));
  markUnread(id).then(
    () => say("Marked as unread."),
    () => say("That didn’t work. Try again in a moment."),
  );
}
