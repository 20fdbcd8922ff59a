import type { InboxFilter } from "../../api/keys.ts";
import { useRested } from "../../lib/hooks.ts";
import { useParam, withParams } from "../../lib/router.tsx";

export type FilterName = "all" | "unread" | "waiting" | "direct" | "community" | "internal";

/** Which conversations the filters choose from. */
export const scopeNames = [
  { id: "own", label: "My conversations" },
  { id: "organization", label: "Every client conversation in the practice" },
  { id: "archived", label: "Archived" },
  { id: "closed", label: "Closed" },
  { id: "scheduled", label: "Scheduled messages" },
] as const;

export type ScopeName = (typeof scopeNames)[number]["id"];

/** Chooses one: ?inbox=organization, ?state=archived, ?state=closed, ?state=scheduled; the usual one says nothing. */
export function scopeParams(scope: ScopeName): Record<string, string> {
  return {
    inbox: scope === "organization" ? scope : "",
    queue: "",
    state: scope === "own" || scope === "organization" ? "" : scope,
    show: scope === "scheduled" ? "" : (new URLSearchParams(window.location.search).get("show") ?? ""),
  };
}

/** The address of a conversation, or of the list alone, with the filters as they are. */
export function inboxHref(id: string): string {
  // A place in one conversation is none in the next.
  return withParams(id === "" ? "/inbox" : `/inbox/${id}`, { m: "" }, window.location.search);
}

export const filterNames: readonly { id: FilterName; label: string }[] = [
  { id: "all", label: "All" },
  { id: "unread", label: "Unread" },
  { id: "direct", label: "Direct" },
  { id: "community", label: "Community" },
  { id: "internal", label: "Internal" },
  { id: "waiting", label: "Unanswered" },
];

/** The parts of the shared queue: ?queue=unassigned, ?queue=mine; all of it says nothing. */
export const queueNames = [
  { id: "", label: "All" },
  { id: "unassigned", label: "Unassigned" },
  { id: "mine", label: "Mine" },
] as const;

/** The filter as the address has it: ?show=unread&q=…&inbox=organization */
export function useInboxFilter(): { name: FilterName; scope: ScopeName; filter: InboxFilter } {
  const show = useParam("show");
  const q = useRested(useParam("q").trim(), 250);
  const inbox = useParam("inbox") === "organization" ? "organization" : "own";
  const said = useParam("state");
  const part = useParam("queue");
  const state = said === "archived" || said === "closed" ? said : "active";
  const scope = state !== "active" ? state : said === "scheduled" ? said : inbox;
  const name = filterNames.find((f) => f.id === show)?.id ?? "all";
  const kind = name === "all" || name === "unread" || name === "waiting" ? "" : name;
  const queue = queueNames.find((n) => n.id !== "" && n.id === part && inbox === "organization")?.id;
  const filter: InboxFilter = { kind, unread: name === "unread", q, inbox, state };
  if (name === "waiting") filter.unanswered = true;
  if (queue) filter.queue = queue;
  return { name, scope, filter };
}

/** What stands where nothing was found. */
export function emptyWords(
  name: FilterName,
  q: string,
  scope: ScopeName,
  queue?: "unassigned" | "mine",
): { title: string; text: string } {
  if (q) return { title: `Nothing found for “${q}”.`, text: "Try a name or fewer words." };
  if (queue === "unassigned")
    return { title: "Nothing is unassigned", text: "Somebody looks after every open conversation." };
  if (queue === "mine")
    return { title: "Nothing is yours", text: "Conversations you claim or are handed are listed here." };
  if (scope === "closed")
    return { title: "Nothing is closed", text: "Conversations that were closed for everyone are kept here." };
  if (scope === "archived")
    return { title: "Nothing is archived", text: "Conversations you archive are kept here." };
  if (name === "unread") return { title: "No unread messages.", text: "You’re caught up." };
  if (name === "waiting") return { title: "Nobody waits.", text: "Every client’s message has an answer." };
  if (name === "direct") return { title: "No direct messages.", text: "Start one with New." };
  if (name === "community")
    return { title: "No community chats.", text: "Chats with several clients will be listed here." };
  if (name === "internal")
    return { title: "No internal conversations.", text: "Only staff see these. Start one with New." };
  return { title: "No conversations yet", text: "Messages you send and receive will be listed here." };
}
