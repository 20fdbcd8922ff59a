import type { Client, Conversation, Me, Message, Staff } from "./api/types.ts";

// Invented people and words for tests; every builder takes what matters to the test.

export const noor = { id: "u-noor", name: "Noor Haddad", kind: "staff" } as const;
export const leilani = { id: "u-leilani", name: "Leilani Kahale", kind: "client" } as const;

export function message(seq: number, over: Partial<Message> = {}): Message {
  return {
    id: `m-${seq}`,
    conversation_id: "c-1",
    seq,
    author: leilani,
    on_behalf_of: null,
    body: `message ${seq}`,
    attachments: [],
    mentions: [],
    reply_to: null,
    quoted: null,
    reactions: [],
    created_at: new Date(Date.UTC(2026, 10, 18, 17, seq)).toISOString(),
    edited_at: null,
    deleted_at: null,
    kind: "text",
    ...over,
  };
}

export function conversation(over: Partial<Conversation> = {}): Conversation {
  return {
    id: "c-1",
    kind: "direct",
    subject: "",
    client_id: leilani.id,
    client_state: "active",
    members: [
      { user_id: noor.id, name: noor.name, kind: "staff", role: "provider", title: "Dietitian" },
      { user_id: leilani.id, name: leilani.name, kind: "client", role: null, title: null },
    ],
    last_seq: 3,
    last_message: message(3),
    read_seq: 3,
    unread: 0,
    marked_unread: false,
    muted_until: null,
    pinned: false,
    archived: false,
    closed_at: null,
    can_send: true,
    cannot_send_code: null,
    draft: "",
    draft_reply_to: null,
    draft_attachments: [],
    organization_inbox: false,
    on_behalf_of_ids: [],
    created_at: "2026-11-01T10:00:00.000Z",
    last_activity_at: message(3).created_at,
    ...over,
  } as Conversation;
}

export function me(over: Partial<Me> = {}): Me {
  return {
    user: { id: noor.id, name: noor.name, kind: "staff", email: "noor@example.test", role: "provider" },
    organization: { id: "o-1", name: "Alder Row Clinic", time_zone: "America/Los_Angeles" },
    permissions: ["start_community_chats"],
    ...over,
  } as Me;
}

export function client(over: Partial<Client> = {}): Client {
  return {
    id: leilani.id,
    kind: "client",
    name: leilani.name,
    email: "leilani@example.test",
    group_id: "g-1",
    group_name: "Diabetes Prevention",
    primary_provider_id: noor.id,
    provider_name: noor.name,
    care_team_ids: [noor.id],
    state: "active",
    chat_access: { direct: true, community: true, direct_source: "default", community_source: "default" },
    invited: "joined",
    created_at: "2025-03-04T10:00:00.000Z",
    last_seen_at: null,
    direct_conversation_id: "c-1",
    ...over,
  } as Client;
}

export function staff(over: Partial<Staff> = {}): Staff {
  return {
    id: noor.id,
    kind: "staff",
    role: "provider",
    name: noor.name,
    title: "Dietitian",
    email: "noor@example.test",
    permissions: ["start_community_chats"],
    clients_may_start: true,
    active: true,
    invited: "joined",
    created_at: "2025-03-04T10:00:00.000Z",
    last_seen_at: null,
    ...over,
  } as Staff;
}
