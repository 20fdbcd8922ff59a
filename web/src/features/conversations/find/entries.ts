import type { Conversation } from "../../../api/types.ts";
import type { MenuEntry } from "../../../ui/Menu.tsx";
import { navigate } from "../../../lib/router.tsx";
import { inboxHref } from "../filters.ts";
import { startFinding } from "./finding.ts";

/** Searching a conversation, from its menu in the header or in the list. */
export function findEntries(c: Conversation): MenuEntry[] {
  const act = () => {
    if (window.location.pathname !== `/inbox/${c.id}`) navigate(inboxHref(c.id));
    startFinding(c.id);
  };
  return [{ id: "find", label: "Search in this conversation", icon: "search", act }];
}
