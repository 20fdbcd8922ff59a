import type { InboxFilter } from "../../api/keys.ts";
import { useRested } from "../../lib/hooks.ts";
import { useParam } from "../../lib/router.tsx";

export type FilterName = "all" | "unread" | "direct" | "community" | "internal";

export const filterNames: readonly { id: FilterName; label: string }[] = [
  { id: "all", label: "All" },
  { id: "unread", label: "Unread" },
  { id: "direct", label: "Direct" },
  { id: "community", label: "Community" },
  { id: "internal", label: "Internal" },
];

/** The filter as the address has it: ?show=unread&q=…&inbox=organization */
export function useInboxFilter(): { name: FilterName; filter: InboxFilter } {
  const show = useParam("show");
  const q = useRested(useParam("q").trim(), 250);
  const inbox = useParam("inbox") === "organization" ? "organization" : "own";
  const state = useParam("state") === "archived" ? "archived" : "active";
  const name = filterNames.find((f) => f.id === show)?.id ?? "all";
  const kind = name === "all" || name === "unread" ? "" : name;
  return { name, filter: { kind, unread: name === "unread", q, inbox, state } };
}

/** What stands where nothing was found. */
export function emptyWords(name: FilterName, q: string, archived: boolean): { title: string; text: string } {
  if (q) return { title: `Nothing found for “${q}”.`, text: "Try a name or fewer words." };
  if (archived) return { title: "Nothing is archived", text: "Conversations you archive are kept here." };
  if (name === "unread") return { title: "No unread messages.", text: "You’re caught up." };
  if (name === "direct") return { title: "No direct messages.", text: "Start one with New." };
  if (name === "community")
    return { title: "No community chats.", text: "Chats with several clients will be listed here." };
  if (name === "internal")
    return { title: "No internal conversations.", text: "Only staff see these. Start one with New." };
  return { title: "No conversations yet", text: "Messages you send and receive will be listed here." };
}
