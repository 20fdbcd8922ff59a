import type { QueryKey } from "@tanstack/react-query";

/** What narrows the list of conversations; empty strings mean no limit. */
export interface InboxFilter {
  kind: "" | "direct" | "community" | "internal";
  unread: boolean;
  q: string;
  inbox: "own" | "organization";
  state: "active" | "archived" | "closed";
  /** Only where a client waits for an answer; everything when it is not said. */
  unanswered?: boolean;
  /** Only what one has pinned; everything when it is not said. */
  pinned?: boolean;
  /** A part of the shared queue. */
  queue?: "unassigned" | "mine";
}

/** What narrows the list of clients. */
export interface ClientFilter {
  q: string;
  group: string;
  provider: string;
  state: "active" | "archived";
}

/** The names under which the query cache holds things; live events patch by the same names. */
export const keys = {
  installation: ["installation"] as const,
  me: ["me"] as const,
  organization: ["organization"] as const,
  counts: ["counts"] as const,
  inboxes: ["inbox"] as const,
  inbox: (filter: InboxFilter): QueryKey => ["inbox", filter],
  conversations: ["conversation"] as const,
  conversation: (id: string): QueryKey => ["conversation", id],
  threads: ["thread"] as const,
  thread: (id: string): QueryKey => ["thread", id],
  allFiles: ["files"] as const,
  files: (id: string): QueryKey => ["files", id],
  allNotes: ["notes"] as const,
  notes: (id: string): QueryKey => ["notes", id],
  quoting: (messageId: string): QueryKey => ["quoting", messageId],
  readBy: (id: string, seq: number): QueryKey => ["read-by", id, seq],
  chatSettings: ["chat-settings"] as const,
  clientLists: ["clients"] as const,
  clients: (filter: ClientFilter): QueryKey => ["clients", filter],
  client: (id: string): QueryKey => ["client", id],
  staff: ["staff"] as const,
  scheduled: ["scheduled"] as const,
  templates: ["templates"] as const,
  away: (of: string): QueryKey => ["away", of],
  welcome: ["welcome"] as const,
  nextStep: (of: string): QueryKey => ["next-step", of],
  groups: ["groups"] as const,
  unanswered: ["unanswered"] as const,
  opening: ["opening"] as const,
  firstResponse: (weeks: number, provider: string): QueryKey => ["first-response", weeks, provider],
  reports: ["reports"] as const,
  reportCount: ["reports", "count"] as const,
  reportList: (state: "open" | "closed"): QueryKey => ["reports", "list", state],
  access: ["access"] as const,
  blasts: ["blasts"] as const,
  blastAny: ["blasts", "any"] as const,
  blastLists: ["blasts", "list"] as const,
  blastList: (state: string, q: string): QueryKey => ["blasts", "list", state, q],
  blast: (id: string): QueryKey => ["blasts", "one", id],
  blastRecipients: (id: string): QueryKey => ["blasts", "recipients", id],
  blastPreviews: ["blasts", "preview"] as const,
  blastPreview: (of: object): QueryKey => ["blasts", "preview", of],
  blastSkips: (of: object): QueryKey => ["blasts", "preview", "skips", of],
  blastDraft: ["blasts", "draft"] as const,
  blastSettings: ["blasts", "settings"] as const,
  notices: ["notices"] as const,
  noticeCount: ["notice-count"] as const,
  preferences: ["preferences"] as const,
  push: ["push"] as const,
  notificationHistory: (of: string): QueryKey => ["notification-history", of],
  mailReach: (of: string): QueryKey => ["mail-reach", of],
  webhooks: ["webhooks"] as const,
  webhookDeliveries: (id: string): QueryKey => ["webhooks", "deliveries", id],
  audit: (filter: object): QueryKey => ["audit", filter],
};
